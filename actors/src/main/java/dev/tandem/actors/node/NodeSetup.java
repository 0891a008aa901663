package dev.tandem.actors.node;

import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.SessionSettings.Prepack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a node agent is made from.
 *
 * @param name of the node, unique in the cluster
 * @param memoryBytes that models may use here
 * @param offered its core groups
 * @param power of core groups by their name, of those where it is known
 * @param nodePower of the machine beside them
 * @param directory where pieces of models are kept
 * @param frameBytes largest payload of a frame
 * @param chunkBytes of a weight asked for at once
 * @param spinning whether ONNX Runtime's idle threads spin
 * @param supervisor of the cluster, wherever it is
 */
public record NodeSetup(
        String name,
        String version,
        long memoryBytes,
        List<OfferedGroup> offered,
        Map<String, Power> power,
        NodePower nodePower,
        Path directory,
        int frameBytes,
        int chunkBytes,
        boolean spinning,
        Prepack prepack,
        ActorRef<SupervisorMessages.Command> supervisor) {

    public NodeSetup {
        offered = List.copyOf(offered);
        power = Map.copyOf(power);
    }

    /** Its core groups, as they compute. */
    List<CoreGroupSpec> coreGroups() {
        return offered.stream().map(OfferedGroup::spec).toList();
    }

    /** The core group of that name, of which a plan speaks. */
    CoreGroupSpec coreGroup(String group) {
        return coreGroups().stream()
                .filter(spec -> spec.name().equals(group))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "core group " + group + " must be one of node " + name + ": " + coreGroups()));
    }
}
