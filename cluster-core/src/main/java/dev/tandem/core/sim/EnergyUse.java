package dev.tandem.core.sim;

import dev.tandem.core.cost.EnergyModel;
import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Energy that all nodes together took, by the rules of {@link EnergyModel}: busy core groups and links, and the idle power
 * of all nodes over the whole simulated time.
 *
 * @param requestJoules the same per request that was answered; not a number when there is none
 */
public record EnergyUse(double joules, double requestJoules) {

    /** What a run took, from how busy everything was. */
    static EnergyUse of(EnergyModel model, Topology topology, SimulationResult result) {
        double joules = model.idleWatts() * result.durationSeconds();
        Map<String, CoreGroupId> groups = topology.coreGroups().stream()
                .map(CoreGroup::id)
                .collect(Collectors.toMap(CoreGroupId::toString, Function.identity(), (one, other) -> one));
        Map<String, Link> links = topology.links().stream()
                .collect(Collectors.toMap(EnergyUse::name, Function.identity(), (one, other) -> one));
        for (Resource resource : result.resources()) {
            CoreGroupId group = groups.get(resource.name());
            Link link = links.get(resource.name());
            if (resource.kind() == ResourceKind.CORE_GROUP && group != null) {
                joules += model.computeJoules(group, resource.busySeconds());
            } else if (resource.kind() == ResourceKind.LINK && link != null) {
                joules += model.transferJoules(link.from(), link.to(), resource.busySeconds());
            }
        }
        return new EnergyUse(joules, result.completed() == 0 ? Double.NaN : joules / result.completed());
    }

    private static String name(Link link) {
        return new Layout.NodePair(link.from(), link.to()).toString();
    }
}
