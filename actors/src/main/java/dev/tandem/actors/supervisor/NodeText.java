package dev.tandem.actors.supervisor;

import dev.tandem.core.topology.Node;
import java.util.Locale;
import java.util.stream.Collectors;

/** A node in a line of the log. */
final class NodeText {

    private static final double MIB = 1 << 20;

    private NodeText() {}

    static String of(Node node) {
        String groups = node.coreGroups().stream()
                .map(group -> String.format(
                        Locale.ROOT,
                        "%s (CPUs %s, %d threads, %.1f G multiply-adds/s)",
                        group.id().group(),
                        group.cpus(),
                        group.threads(),
                        group.multiplyAddsPerSecond() / 1e9))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%.0f MiB for models; core groups: %s", node.memoryBytes() / MIB, groups);
    }
}
