package dev.tandem.core.planner.baseline;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which neighbouring blocks to fuse for given shares, by dynamic programming over where fused ones end: a longer one
 * computes more halo rows twice, a shorter one sends more. A block is divided, or whole on the leader where that is
 * quicker. Used by one thread.
 */
final class FusedBlocks {

    private final PlanRequest request;
    private final List<Block> blocks;
    private final List<Share> shares;
    private final CoreGroup leader;
    private final RowBalance balance;
    private final double[] best;
    private final int[] begin;
    private final boolean[] divided;

    /** @param shares those of every divided block */
    FusedBlocks(PlanRequest request, List<Block> blocks, List<Share> shares, CoreGroup leader) {
        this.request = request;
        this.blocks = blocks;
        this.shares = shares;
        this.leader = leader;
        this.balance = new RowBalance(request, leader);
        best = new double[blocks.size() + 1];
        begin = new int[blocks.size() + 1];
        divided = new boolean[blocks.size() + 1];
        Arrays.fill(best, 1, best.length, Double.POSITIVE_INFINITY);
        for (int from = 0; from < blocks.size(); from++) {
            offer(from, from + 1, false, request.cost().computeSeconds(leader, segment(from, from + 1)));
            for (int to = from + 1; to <= blocks.size() && blocks.get(to - 1).isDivisible(); to++) {
                offer(from, to, true, dividedSeconds(segment(from, to)));
            }
        }
    }

    /** The stages of the least sum of times. */
    List<Stage> stages() {
        List<Integer> ends = new ArrayList<>();
        for (int to = blocks.size(); to > 0; to = begin[to]) {
            ends.add(0, to);
        }
        StageChain chain = new StageChain(request.graph());
        for (int to : ends) {
            if (divided[to]) {
                chain.rows(segment(begin[to], to), shares);
            } else {
                chain.whole(segment(begin[to], to), leader);
            }
        }
        return chain.stages();
    }

    private void offer(int from, int to, boolean isDivided, double seconds) {
        if (best[from] + seconds < best[to]) {
            best[to] = best[from] + seconds;
            begin[to] = from;
            divided[to] = isDivided;
        }
    }

    private double dividedSeconds(Segment segment) {
        if (shares.size() < 2) {
            return Double.POSITIVE_INFINITY;
        }
        Optional<double[]> seconds = balance.seconds(segment, shares);
        return seconds.map(parts -> Arrays.stream(parts).max().orElseThrow()).orElse(Double.POSITIVE_INFINITY);
    }

    private Segment segment(int from, int to) {
        return new Segment(
                blocks.get(from).segment().from(), blocks.get(to - 1).segment().to());
    }
}
