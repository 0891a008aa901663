package dev.tandem.core.planner.baseline;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole model on every node, and of a batch of requests to each as many as let all be done the soonest: lanes with
 * weights.
 *
 * <p>The share choice of Taufique et al., ASP-DAC 2024 (arXiv 2310.10157), known from its abstract only. Certain: unlike
 * nodes, and shares that follow how fast each is. Reconstructed: whole requests as shares w of a batch, such that the
 * largest of (w * seconds of a request, transfers included) is the least; which is what dealing one request after the
 * other to the node that is done with it first gives, and exact. Left out: its choice of an accuracy level for each
 * node, which needs variants of the model ({@link dev.tandem.core.variant.ShareStrategy} has it). Only the time of a batch is looked at, whatever the objective.
 */
final class DataParallel implements Planner {

    private static final String NAME = "asp-dac-24";

    /** Requests that are dealt. */
    private static final int BATCH = 100;

    @Override
    public PlanResult plan(PlanRequest request) {
        return Fitting.plan(request, NAME, fleet -> plan(request, fleet.processors()));
    }

    private static Plan plan(PlanRequest request, List<CoreGroup> processors) {
        double[] secondsEach = processors.stream()
                .mapToDouble(group -> secondsEach(request, group))
                .toArray();
        int[] shares = deal(secondsEach);
        List<Lane> lanes = new ArrayList<>();
        for (int node = 0; node < shares.length; node++) {
            if (shares[node] > 0) {
                lanes.add(Draft.lane(
                        request,
                        shares[node],
                        List.of(Draft.undivided(
                                request.graph(),
                                request.graph().whole(),
                                processors.get(node).id()))));
            }
        }
        return Draft.ofLanes(request, NAME, lanes);
    }

    static int[] deal(double[] secondsEach) {
        int[] shares = new int[secondsEach.length];
        for (int dealt = 0; dealt < BATCH; dealt++) {
            int first = 0;
            for (int node = 1; node < shares.length; node++) {
                boolean isSooner = (shares[node] + 1) * secondsEach[node] < (shares[first] + 1) * secondsEach[first];
                first = isSooner ? node : first;
            }
            shares[first]++;
        }
        return shares;
    }

    /** Compute, and what the request keeps the links to the gateway busy. */
    private static double secondsEach(PlanRequest request, CoreGroup group) {
        String node = group.id().node();
        CostModel cost = request.cost();
        return cost.computeSeconds(group, request.graph().whole())
                + cost.linkSeconds(request.gatewayNode(), node, request.graph().inputBytes())
                + cost.linkSeconds(node, request.gatewayNode(), request.graph().outputBytes());
    }
}
