package dev.tandem.core.planner.baseline;

import dev.tandem.core.cost.ShardSweep;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.DividedTail;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.RowCuts;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private final List<CoreGroup> groups;
    private final RowCuts cuts;
    /** Of divided blocks between two ends of blocks; infinite where they cannot be divided so. */
    private final double[][] dividedSeconds;

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
        this.groups = shares.stream().map(Share::group).toList();
        this.cuts = new RowCuts(shares.stream().map(Share::weight).toList());
        best = new double[blocks.size() + 1];
        begin = new int[blocks.size() + 1];
        divided = new boolean[blocks.size() + 1];
        dividedSeconds = new double[blocks.size()][blocks.size() + 1];
        Arrays.stream(dividedSeconds).forEach(row -> Arrays.fill(row, Double.POSITIVE_INFINITY));
        for (int to = 1; to <= blocks.size() && shares.size() > 1; to++) {
            divideBefore(to);
        }
        Arrays.fill(best, 1, best.length, Double.POSITIVE_INFINITY);
        for (int from = 0; from < blocks.size(); from++) {
            offer(from, from + 1, false, request.cost().computeSeconds(leader, segment(from, from + 1)));
            for (int to = from + 1; to <= blocks.size() && blocks.get(to - 1).isDivisible(); to++) {
                offer(from, to, true, dividedSeconds[from][to]);
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

    private void divideBefore(int to) {
        DividedTail tail = new DividedTail(
                request.cost(), cuts, groups, blocks.get(to - 1).segment().to());
        for (int from = to - 1; from >= 0 && blocks.get(from).isDivisible(); from--) {
            if (!tail.reaches(blocks.get(from).segment().from())) {
                return;
            }
            dividedSeconds[from][to] = tail.isDivided() ? slowestSeconds(tail.shards()) : Double.POSITIVE_INFINITY;
        }
    }

    private double slowestSeconds(List<ShardSweep> parts) {
        double slowest = 0;
        for (int part = 0; part < parts.size(); part++) {
            slowest = Math.max(slowest, balance.seconds(groups.get(part), parts.get(part)));
        }
        return slowest;
    }

    private Segment segment(int from, int to) {
        return new Segment(
                blocks.get(from).segment().from(), blocks.get(to - 1).segment().to());
    }
}
