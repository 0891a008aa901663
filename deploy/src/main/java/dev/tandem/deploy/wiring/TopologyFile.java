package dev.tandem.deploy.wiring;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SectionFile;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Machines and links as a file describes them, for planning without a cluster. The form is explained in
 * {@code docs/plan.md}.
 *
 * @param gateway where requests come from: the name of a machine, or {@link #OUTSIDE}
 */
public record TopologyFile(String gateway, List<Machine> machines, List<Link> links) {

    /** The name of a place that is on the network but runs nothing. */
    public static final String OUTSIDE = "outside";

    /** A machine; {@code memoryBytes} is what parts of models may use. */
    record Machine(String name, long memoryBytes, List<Group> groups, NodePower power) {}

    /** A core group, with nothing said about how fast it is in figures that depend on the model. */
    record Group(String name, List<Integer> cpus, int threads, Speed speed, Optional<Power> power) {}

    /** How fast a core group is. */
    sealed interface Speed {

        /** As it does the reference workload. */
        record Rate(double multiplyAddsPerSecond) implements Speed {}

        /** As it does a model that was measured there. */
        record Measured(String file, ProfileJson profile) implements Speed {}
    }

    public TopologyFile {
        machines = List.copyOf(machines);
        links = List.copyOf(links);
    }

    /**
     * Reads and checks a file, HOCON or JSON.
     *
     * @throws dev.tandem.config.SettingsException if anything is wrong, with every problem that was found
     */
    public static TopologyFile read(Path file) {
        return SectionFile.read(
                file, "a topology file", TopologyReader.DEFAULTS, reader -> new TopologyReader(file, reader).read());
    }

    /**
     * The machines as planning sees them for a model.
     *
     * @param reference times of the model, in relation to which measured core groups get their rates
     * @throws IllegalArgumentException if a core group was measured with another model
     */
    public Topology topology(ModelGraph graph, ReferenceProfile reference) {
        return new Topology(
                machines.stream()
                        .map(machine -> node(machine, graph, reference))
                        .toList(),
                links);
    }

    private static Node node(Machine machine, ModelGraph graph, ReferenceProfile reference) {
        List<CoreGroup> groups = machine.groups().stream()
                .map(group -> new CoreGroup(
                        new CoreGroupId(machine.name(), group.name()),
                        CoreGroup.Kind.CPU,
                        group.cpus(),
                        group.threads(),
                        rate(group.speed(), graph, reference),
                        group.power()))
                .toList();
        return new Node(machine.name(), machine.memoryBytes(), groups, machine.power());
    }

    /** The rate at which the whole model takes as long as it was measured to take. */
    private static double rate(Speed speed, ModelGraph graph, ReferenceProfile reference) {
        if (speed instanceof Speed.Measured measured) {
            ProfileJson profile = measured.profile();
            if (!profile.digest().equals(graph.digest())) {
                throw new IllegalArgumentException("profile " + measured.file() + " is of model " + profile.model()
                        + " with digest " + profile.digest() + ", but the model is " + graph.name() + " with digest "
                        + graph.digest() + ". Maybe profile this model with 'tandem graph --profile', or give a rate.");
            }
            return reference.multiplyAddsPerSecond()
                    * reference.times().totalSeconds()
                    / profile.times().totalSeconds();
        }
        return ((Speed.Rate) speed).multiplyAddsPerSecond();
    }
}
