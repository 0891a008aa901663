package dev.tandem.core.planner.baseline;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.ShardSweep;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.planner.DividedTail;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.RowCuts;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The time of each part of a divided segment when a leader deals its input and gathers its output, as EdgeDI has it, and
 * the division that is left when rows have been moved as it says.
 */
final class RowBalance {

    private final ModelGraph graph;
    private final CostModel cost;
    private final String leader;

    RowBalance(PlanRequest request, CoreGroup leader) {
        this.graph = request.graph();
        this.cost = request.cost();
        this.leader = leader.id().node();
    }

    /** The shares as rows, one row at a time from the slowest part to the fastest while their gap shrinks. */
    List<Share> balanced(Segment segment, List<Share> start) {
        int rows = graph.outputs(segment).get(0).rows();
        if (rows < start.size()) {
            return start;
        }
        List<Share> shares = new ArrayList<>();
        List<Interval> parts =
                Divisibility.cut(rows, start.stream().map(Share::weight).toList());
        for (int part = 0; part < start.size(); part++) {
            shares.add(new Share(start.get(part).group(), parts.get(part).length()));
        }
        List<Share> best = start;
        double leastGap = Double.POSITIVE_INFINITY;
        for (Optional<double[]> seconds = seconds(segment, shares); seconds.isPresent(); ) {
            int slowest = extreme(seconds.get(), 1);
            int fastest = extreme(seconds.get(), -1);
            double gap = seconds.get()[slowest] - seconds.get()[fastest];
            if (gap >= leastGap) {
                break;
            }
            leastGap = gap;
            best = List.copyOf(shares);
            if (gap == 0 || shares.get(slowest).weight() == 1) {
                break;
            }
            move(shares, slowest, -1);
            move(shares, fastest, 1);
            seconds = seconds(segment, shares);
        }
        return best;
    }

    /** Of each part, absent where the segment cannot be divided so. */
    Optional<double[]> seconds(Segment segment, List<Share> shares) {
        List<CoreGroup> groups = shares.stream().map(Share::group).toList();
        RowCuts cuts = new RowCuts(shares.stream().map(Share::weight).toList());
        DividedTail divided = new DividedTail(cost, cuts, groups, segment.to());
        if (!divided.reaches(segment.from()) || !divided.isDivided()) {
            return Optional.empty();
        }
        double[] seconds = new double[groups.size()];
        for (int part = 0; part < seconds.length; part++) {
            seconds[part] = seconds(groups.get(part), divided.shards().get(part));
        }
        return Optional.of(seconds);
    }

    /** With what the leader deals to the part and gathers from it. */
    double seconds(CoreGroup group, ShardSweep part) {
        String node = group.id().node();
        return cost.transferSeconds(leader, node, part.readBytes())
                + part.computeSeconds()
                + cost.transferSeconds(node, leader, part.writtenBytes());
    }

    private static void move(List<Share> shares, int part, int rows) {
        Share share = shares.get(part);
        shares.set(part, new Share(share.group(), share.weight() + rows));
    }

    /** The first part of the most seconds, or of the least for a sign of -1. */
    private static int extreme(double[] seconds, int sign) {
        int extreme = 0;
        for (int part = 1; part < seconds.length; part++) {
            extreme = sign * seconds[part] > sign * seconds[extreme] ? part : extreme;
        }
        return extreme;
    }
}
