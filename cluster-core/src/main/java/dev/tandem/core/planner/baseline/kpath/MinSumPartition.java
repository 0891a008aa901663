package dev.tandem.core.planner.baseline.kpath;

import dev.tandem.core.planner.bottleneck.BlockChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a chain so that the sum of what travels over the cuts is least: the partition of Parthasarathy and Krishnamachari,
 * ITNAC 2022 (arXiv 2210.12219), as in the notebooks under {@code test/} of ANRGUSC/SEIFER.
 *
 * <p>Certain, from the code: for each first piece that fits, the completion with the least sum; one of more pieces than there
 * are nodes is dropped and no other tried; ties go to the earlier cut. Each piece must stay below the capacity.
 *
 * <p>Certain too: the code remembers completions in a global table that is never cleared. The first capacity asked for, 64 MB
 * in its runs, so decides the completions for all others of a model, which the published figures bear out: with a table per
 * capacity InceptionResNetV2 in 128 MB would need 3 pieces, with the kept one it needs 5, and only these give the published
 * times. One instance of this class is one such table: share it to repeat the published figures, make one per capacity for
 * what the algorithm is meant to do. Used by one thread.
 */
public final class MinSumPartition {

    private final BlockChain chain;
    /** By position: the cuts after it of the completion with the least sum, and that sum. */
    private final List<Optional<Completion>> known = new ArrayList<>();

    private record Completion(List<Integer> cuts, double bytes) {}

    /** @param chain the chain that all questions are about */
    public MinSumPartition(BlockChain chain) {
        this.chain = chain;
        for (int position = 0; position <= chain.size(); position++) {
            known.add(Optional.empty());
        }
    }

    /**
     * The cuts for nodes of one capacity, ascending.
     *
     * @param capacityBytes most memory of a piece
     * @return empty when all that was tried takes more pieces than there are nodes, or leaves a block that fits nowhere
     */
    public Optional<List<Integer>> cuts(long capacityBytes, int nodes) {
        Optional<Completion> best = Optional.empty();
        for (int first = 1; first <= chain.furthest(0, capacityBytes); first++) {
            Completion candidate = from(first, capacityBytes);
            double least = best.map(Completion::bytes).orElse(Double.POSITIVE_INFINITY);
            if (candidate.cuts().size() < nodes && candidate.bytes() < least) {
                best = Optional.of(candidate);
            }
        }
        return best.map(Completion::cuts);
    }

    /** With the cut at a position and all later ones. */
    private Completion from(int position, long capacityBytes) {
        if (position == chain.size()) {
            return new Completion(List.of(), 0);
        }
        Completion after = after(position, capacityBytes);
        List<Integer> cuts = new ArrayList<>(List.of(position));
        cuts.addAll(after.cuts());
        return new Completion(cuts, after.bytes() + chain.transferBytes(position));
    }

    private Completion after(int position, long capacityBytes) {
        if (known.get(position).isEmpty()) {
            Completion best = new Completion(List.of(), Double.POSITIVE_INFINITY);
            for (int next = position + 1; next <= chain.furthest(position, capacityBytes); next++) {
                Completion candidate = from(next, capacityBytes);
                best = candidate.bytes() < best.bytes() ? candidate : best;
            }
            known.set(position, Optional.of(best));
        }
        return known.get(position).orElseThrow();
    }
}
