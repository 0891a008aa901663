package dev.tandem.deploy.wiring;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SectionFile;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    record Machine(String name, long memoryBytes, List<Group> groups, NodePower power, Processor processor) {}

    /** A core group, with nothing said about how fast it is in figures that depend on the model. */
    record Group(
            String name, CoreGroup.Kind kind, List<Integer> cpus, int threads, Speed speed, Optional<Power> power) {

        Group with(Speed other) {
            return new Group(name, kind, cpus, threads, other, power);
        }

        /** CPUs that it keeps busy while it computes. */
        int cpuThreads() {
            return kind == CoreGroup.Kind.CPU ? threads : 0;
        }
    }

    /** How fast a core group is. */
    sealed interface Speed {

        /** As it does the reference workload. */
        record Rate(double multiplyAddsPerSecond) implements Speed {}

        /** As it does a model that was measured there. */
        record Measured(String file, ProfileJson profile, ProfileJson.Group group) implements Speed {}
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
     */
    public Topology topology(ReferenceProfile reference) {
        return new Topology(
                machines.stream().map(machine -> node(machine, reference)).toList(), links);
    }

    /** Whether there is the machine, and its core group, that a profile is for. */
    public boolean hasGroup(ProfileOption option) {
        return machines.stream()
                .filter(machine -> machine.name().equals(option.node()))
                .flatMap(machine -> machine.groups().stream())
                .anyMatch(group -> option.group() == null || option.group().equals(group.name()));
    }

    /** All core groups, as {@code node/group}. */
    public List<String> places() {
        return machines.stream()
                .flatMap(machine -> machine.groups().stream()
                        .map(group -> new CoreGroupId(machine.name(), group.name()).toString()))
                .toList();
    }

    /** The same machines where the core groups of one, or one of them, have what was measured there. */
    public TopologyFile withProfile(ProfileOption option, ProfileJson profile) {
        return new TopologyFile(
                gateway,
                machines.stream()
                        .map(machine -> machine.name().equals(option.node())
                                ? new Machine(
                                        machine.name(),
                                        machine.memoryBytes(),
                                        machine.groups().stream()
                                                .map(group -> measured(group, option, profile))
                                                .toList(),
                                        machine.power(),
                                        machine.processor())
                                : machine)
                        .toList(),
                links);
    }

    private static Group measured(Group group, ProfileOption option, ProfileJson profile) {
        if (option.group() != null && !option.group().equals(group.name())) {
            return group;
        }
        Speed speed = new Speed.Measured(option.file().toString(), profile, profile.groupFor(group.name()));
        return group.with(speed);
    }

    /**
     * The profiles of the core groups that have one.
     *
     * @throws IllegalArgumentException if one must not be used
     */
    public Map<CoreGroupId, Profile> profiles(ProfileUse use) {
        Map<CoreGroupId, Profile> profiles = new LinkedHashMap<>();
        for (Machine machine : machines) {
            for (Group group : machine.groups()) {
                if (group.speed() instanceof Speed.Measured measured) {
                    use.requireFresh(measured.file(), measured.profile());
                    profiles.put(
                            new CoreGroupId(machine.name(), group.name()),
                            measured.profile().profile(measured.group()));
                }
            }
        }
        return profiles;
    }

    private static Node node(Machine machine, ReferenceProfile reference) {
        List<CoreGroup> groups = machine.groups().stream()
                .map(group -> new CoreGroup(
                        new CoreGroupId(machine.name(), group.name()),
                        group.kind(),
                        group.cpus(),
                        group.threads(),
                        rate(group.speed(), reference),
                        group.power()))
                .toList();
        return new Node(machine.name(), machine.memoryBytes(), groups, machine.power(), machine.processor());
    }

    /** The rate at which the whole model takes as long as it was measured to take. */
    private static double rate(Speed speed, ReferenceProfile reference) {
        if (speed instanceof Speed.Measured measured) {
            Profile profile = measured.profile().profile(measured.group());
            return reference.multiplyAddsPerSecond() * reference.times().totalSeconds() / profile.wholeSeconds();
        }
        return ((Speed.Rate) speed).multiplyAddsPerSecond();
    }
}
