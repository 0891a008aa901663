package dev.tandem.harness.testbed;

import com.typesafe.config.Config;
import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PowerSettings;
import dev.tandem.config.SectionFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Machines and a network to make of this one. The form of the file is explained in {@code docs/testbed.md}.
 *
 * @param name of the bed: letters, digits and . _ -
 * @param settings of all members, under the key {@code tandem}
 */
public record TestbedSpec(String name, List<Node> nodes, Network network, Config settings) {

    /** How nodes reach each other. */
    public enum Medium {
        /** A link of its own for each node, in both directions at once. */
        SWITCHED,
        /** One channel that everything sent by anyone passes, as on a wireless network. */
        SHARED
    }

    /**
     * The network.
     *
     * @param rate of every link, or of the one channel
     * @param client rate of the client's link; the same as {@code rate} where the file says nothing else
     */
    public record Network(Medium medium, LinkShape rate, LinkShape client) {}

    /**
     * A machine.
     *
     * @param memoryBytes that the kernel lets its processes have, pages of files included
     * @param power beside that of the core groups
     * @param link empty: as the network has it
     * @param settings of this member, under the key {@code tandem}
     */
    public record Node(
            String name,
            long memoryBytes,
            List<Group> groups,
            NodePowerSettings power,
            Optional<LinkShape> link,
            Config settings) {
        public Node {
            groups = List.copyOf(groups);
        }

        /** Shares of its core groups together, in CPUs. */
        public double share() {
            return groups.stream().mapToDouble(Group::share).sum();
        }
    }

    /**
     * A core group.
     *
     * @param name short enough for the names of its threads
     * @param share of a CPU of this machine that its threads have together
     * @param threads of one inference
     */
    public record Group(String name, double share, int threads, Optional<PowerSettings> power) {}

    public TestbedSpec {
        nodes = List.copyOf(nodes);
    }

    /**
     * Reads and checks a file.
     *
     * @throws dev.tandem.config.SettingsException if anything is wrong, with every problem that was found
     */
    public static TestbedSpec read(Path file) {
        return SectionFile.read(
                file, "a file of a test bed", TestbedReader.DEFAULTS, reader -> new TestbedReader(file, reader).read());
    }

    /** Shares of all core groups together, in CPUs. */
    public double share() {
        return nodes.stream().mapToDouble(Node::share).sum();
    }

    /** The link of a node. */
    public LinkShape linkOf(Node node) {
        return node.link().orElse(network.rate());
    }

    /**
     * The node of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Node node(String nodeName) {
        return nodes.stream()
                .filter(node -> node.name().equals(nodeName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node '" + nodeName + "'; there are "
                        + String.join(", ", nodes.stream().map(Node::name).toList()) + "."));
    }
}
