package dev.tandem.harness.fault;

import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.Testbed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One thing that goes wrong on a test bed, or is put right again. */
public sealed interface Fault {

    /**
     * Does it, now.
     *
     * @throws IllegalArgumentException when the bed has no such node or core group
     * @throws dev.tandem.harness.testbed.TestbedException when the kernel says no
     */
    void on(Testbed bed);

    /** The nodes that it names, of which the bed must have each. */
    Set<String> nodes();

    /** A member ends at once, without a word to anyone (SIGKILL). */
    record Kill(String node) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.kill(node);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "kill " + node;
        }
    }

    /** A member is asked to leave (SIGTERM), which moves its work first; done when it is gone. */
    record Leave(String node) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.leave(node);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "leave " + node;
        }
    }

    /** The member of a node that has none is started; done when it is up and measured. */
    record Restart(String node) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.restart(node);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "restart " + node;
        }
    }

    /** A member stands still (SIGSTOP): its connections stay, and nobody answers. */
    record Stop(String node) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.stop(node);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "stop " + node;
        }
    }

    /** A member that stood still goes on. */
    record Continue(String node) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.resume(node);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "continue " + node;
        }
    }

    /** A core group gets another share of a CPU, as when a board is hot or has other work. */
    record Share(String node, String group, double share) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.share(node, group, share);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "share of " + node + "/" + group + " to " + share;
        }
    }

    /** A link gets another rate, in both directions. */
    record LinkRate(String node, LinkShape rate) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.linkRate(node, rate);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "link of " + node + " to " + rate;
        }
    }

    /** The shared medium gets another rate. */
    record MediumRate(LinkShape rate) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.mediumRate(rate);
        }

        @Override
        public Set<String> nodes() {
            return Set.of();
        }

        @Override
        public String toString() {
            return "medium to " + rate;
        }
    }

    /** Some nodes and all others, the client included, lose what they send to each other. */
    record Cut(Set<String> nodes) implements Fault {
        public Cut {
            nodes = Set.copyOf(nodes);
        }

        @Override
        public void on(Testbed bed) {
            Set<String> others = new HashSet<>(Set.of(Testbed.CLIENT));
            bed.nodes().forEach(node -> others.add(node.name()));
            others.removeAll(nodes);
            bed.cut(nodes, others);
        }

        @Override
        public String toString() {
            return "cut " + String.join(", ", new TreeSet<>(nodes));
        }
    }

    /** Nodes of different groups lose what they send to each other; who is in none reaches all. */
    record Partition(List<Set<String>> groups) implements Fault {
        public Partition {
            groups = groups.stream().map(Set::copyOf).toList();
        }

        @Override
        public void on(Testbed bed) {
            for (int i = 0; i < groups.size(); i++) {
                for (int j = 0; j < i; j++) {
                    bed.cut(groups.get(i), groups.get(j));
                }
            }
        }

        @Override
        public Set<String> nodes() {
            return groups.stream().flatMap(Set::stream).collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return "partition "
                    + groups.stream()
                            .map(group -> String.join(", ", new TreeSet<>(group)))
                            .collect(Collectors.joining(" | "));
        }
    }

    /** All cuts and partitions end. */
    record Heal() implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.heal();
        }

        @Override
        public Set<String> nodes() {
            return Set.of();
        }

        @Override
        public String toString() {
            return "heal";
        }
    }

    /** A node may hold less, or more again; the kernel takes pages away, and ends the member where that is not enough. */
    record Memory(String node, long bytes) implements Fault {
        private static final long MEBI = 1 << 20;

        @Override
        public void on(Testbed bed) {
            bed.memoryLimit(node, bytes);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "memory of " + node + " to " + bytes / MEBI + " MiB";
        }
    }

    /** The settings file of a node has more in it, which its member notices by itself; a restart undoes it. */
    record Settings(String node, String text) implements Fault {
        @Override
        public void on(Testbed bed) {
            bed.addSettings(node, text);
        }

        @Override
        public Set<String> nodes() {
            return Set.of(node);
        }

        @Override
        public String toString() {
            return "settings of " + node + ": " + text;
        }
    }
}
