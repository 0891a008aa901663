package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fused layers of the best lengths, divided along rows in proportion to rates over the best number of nodes.
 *
 * <p>AOFL (Zhou et al., ACM/IEEE SEC 2019). Certain: dynamic programming over where fused blocks end, for every number of
 * devices, given their rates and the network, chosen at run time. Reconstructed: blocks end in front of a layer with a
 * kernel, at one of {@value #MOST_BLOCKS} places; the programme charges each block with what its slowest part takes and
 * with dealing and gathering all its rows through the leader, though the plan then sends them straight between
 * consecutive blocks; devices join in the order of their rates, the leader first. The number of devices is chosen by the
 * shared scorer for the request's objective.
 */
final class Aofl implements Planner {

    private static final String NAME = "aofl";

    private static final int MOST_BLOCKS = 24;

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Block> blocks = Blocks.atMost(MOST_BLOCKS, Blocks.kernels(request.graph()), request.cost());
        return Fitting.plan(request, NAME, fleet -> best(request, blocks, fleet));
    }

    private static Plan best(PlanRequest request, List<Block> blocks, Fleet fleet) {
        List<Share> shares = Share.byRate(fleet.leaderFirst());
        List<Plan> plans = new ArrayList<>();
        for (int devices = 1; devices <= shares.size(); devices++) {
            List<Share> used = shares.subList(0, devices);
            plans.add(Draft.plan(request, NAME, new FusedBlocks(request, blocks, used, fleet.leader()).stages()));
        }
        return plans.stream()
                .min(Comparator.comparingDouble(plan -> request.objective().value(plan.predicted())))
                .orElseThrow();
    }
}
