package dev.tandem.harness.experiment.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes what came of all rounds as a Markdown page. */
public final class MemoryPage {

    private static final double MIB = 1 << 20;

    private MemoryPage() {}

    /**
     * Makes the folder if need be and replaces the page.
     *
     * @param rounds at least one
     */
    public static void write(Path folder, String command, List<MemoryRound> rounds) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("emulated-memory.md"), page(command, rounds));
    }

    static String page(String command, List<MemoryRound> rounds) {
        MemoryRound last = rounds.get(rounds.size() - 1);
        return "# A model that is larger than every node\n\n    " + command + "\n\n" + summary(rounds, last)
                + "\n\nPlan: "
                + last.plan() + "\n\n"
                + nodes(last)
                + "\n## With fewer nodes\n\n"
                + last.fewer().stream().map(MemoryPage::fewer).collect(Collectors.joining());
    }

    private static String summary(List<MemoryRound> rounds, MemoryRound last) {
        double error =
                rounds.stream().mapToDouble(MemoryRound::largestError).max().orElseThrow();
        long answers =
                rounds.stream().mapToLong(round -> round.load().requests()).sum();
        return String.format(
                Locale.ROOT,
                "%s, %.0f MiB of weights, on %d nodes of at most %.0f MiB: %d answers in %d rounds, each within %.1e of"
                        + " the unsplit model's. %s.",
                last.model(),
                last.weightBytes() / MIB,
                last.nodes().size(),
                last.nodes().stream()
                                .map(NodeMemory::limitBytes)
                                .max(Comparator.naturalOrder())
                                .orElseThrow()
                        / MIB,
                answers,
                rounds.size(),
                error,
                rounds.stream().allMatch(MemoryRound::pass) ? "It passes" : "It does not pass");
    }

    private static String nodes(MemoryRound round) {
        return round.nodes().stream()
                .map(MemoryPage::row)
                .collect(Collectors.joining(
                        "",
                        """
                        | node | limit, MiB | peak, MiB | of it anonymous at the end, MiB | swap, MiB | killed |
                        |---|--:|--:|--:|--:|--:|
                        """,
                        ""));
    }

    private static String row(NodeMemory node) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f | %d |%n",
                node.node(),
                node.limitBytes() / MIB,
                node.peakBytes() / MIB,
                node.anonymousBytes() / MIB,
                node.swapBytes() / MIB,
                node.kills());
    }

    private static String fewer(MemoryRound.Fewer fewer) {
        return "* " + fewer.nodes() + ": " + (fewer.refusal() == null ? "is planned and served" : fewer.refusal())
                + "\n";
    }
}
