package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * A pipeline over all nodes in the order of the topology, cut without looking at what crosses: into stages of as many
 * layers each, or of compute time in proportion to the nodes' rates.
 *
 * <p>No publication; DEFER (arXiv 2201.06769) places its cuts much like the even one.
 */
final class SharePipeline implements Planner {

    private final String scheme;
    private final boolean isEven;

    private SharePipeline(String scheme, boolean isEven) {
        this.scheme = scheme;
        this.isEven = isEven;
    }

    static SharePipeline even() {
        return new SharePipeline("even-pipeline", true);
    }

    static SharePipeline proportional() {
        return new SharePipeline("proportional-pipeline", false);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        CutCosts positions = new CutCosts(request);
        return Fitting.plan(request, scheme, fleet -> plan(request, positions, fleet));
    }

    private Plan plan(PlanRequest request, CutCosts positions, Fleet fleet) {
        int stages = Math.min(fleet.processors().size(), positions.end());
        List<CoreGroup> groups = fleet.processors().subList(0, stages);
        IntToDoubleFunction done = isEven
                ? positions::layer
                : position -> position == 0 ? 0 : positions.computeSeconds(fleet.leader(), 0, position);
        List<Share> shares = isEven ? Share.even(groups) : Share.byRate(groups);
        int[] ends = ends(positions.end(), done, shares);
        StageChain chain = new StageChain(request.graph());
        for (int stage = 0, from = 0; stage < stages; from = ends[stage++]) {
            chain.whole(positions.segment(from, ends[stage]), groups.get(stage));
        }
        return Draft.plan(request, scheme, chain.stages());
    }

    /** For each stage the position at which what is done comes nearest to its cumulative share, one after the other. */
    private static int[] ends(int end, IntToDoubleFunction done, List<Share> shares) {
        int[] ends = new int[shares.size()];
        double total = shares.stream().mapToDouble(Share::weight).sum();
        double cumulative = 0;
        for (int stage = 0, from = 0; stage < ends.length; from = ends[stage++]) {
            cumulative += shares.get(stage).weight();
            double target = done.applyAsDouble(end) * cumulative / total;
            int last = end - (ends.length - 1 - stage);
            int nearest = stage == ends.length - 1 ? end : from + 1;
            for (int position = nearest + 1; position <= last; position++) {
                boolean isNearer = Math.abs(done.applyAsDouble(position) - target)
                        < Math.abs(done.applyAsDouble(nearest) - target);
                nearest = isNearer ? position : nearest;
            }
            ends[stage] = nearest;
        }
        return ends;
    }
}
