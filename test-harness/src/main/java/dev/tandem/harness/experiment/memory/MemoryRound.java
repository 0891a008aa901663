package dev.tandem.harness.experiment.memory;

import dev.tandem.deploy.load.LoadFigures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model asked a few times on a test bed whose every node is smaller.
 *
 * @param round from 1
 * @param plan in words
 * @param largestError of all answers, relative to the unsplit model's
 * @param answersMatch whether that is within what another order of sums explains
 * @param nodes after the last answer
 * @param fewer what comes of the same order with fewer nodes, the most first
 */
public record MemoryRound(
        String bed,
        int round,
        String model,
        long weightBytes,
        String plan,
        LoadFigures load,
        double largestError,
        boolean answersMatch,
        List<NodeMemory> nodes,
        List<Fewer> fewer) {

    /**
     * The model on fewer nodes.
     *
     * @param refusal why it cannot be planned; null where it can
     */
    public record Fewer(int nodes, @Nullable String refusal) {}

    public MemoryRound {
        nodes = List.copyOf(nodes);
        fewer = List.copyOf(fewer);
    }

    /** Right answers within the memory of every node, and refused where there are fewer of them. */
    public boolean pass() {
        return answersMatch
                && nodes.stream().allMatch(NodeMemory::isKept)
                && fewer.stream().anyMatch(less -> less.refusal() != null);
    }
}
