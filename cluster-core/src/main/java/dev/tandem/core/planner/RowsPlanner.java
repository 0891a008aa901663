package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.topology.CoreGroup;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stages divided along rows over exactly {@link PlanRequest#shards()} core groups, in proportion to their rates, and
 * undivided stages on the fastest of them. Halo rows are computed twice inside a stage and exchanged between stages; of a single
 * request what needs none of them is computed meanwhile, where that pays ({@link HaloOverlap}).
 *
 * <p>Core groups are the fastest of distinct nodes, then further ones of the same nodes. Where stages end is found by
 * dynamic programming over candidate cuts ({@link RowsProblem}); the row-divisible part, the longest run of divisible
 * layers by time, is always divided, the rest where it pays. The search takes every stage to begin when all data of the
 * stage before has arrived, and is repeated with transfers weighed less and more; the best plan by {@link
 * dev.tandem.core.cost.PlanScorer} is taken. That is a heuristic: no optimality is claimed.
 */
public final class RowsPlanner implements Planner {

    private static final int PARTS_OF_TIME = 48;
    private static final int FEW_PARTS_OF_TIME = 4;

    /** Transfers count fully for latency, less where they overlap with computing other requests, more as a guard. */
    private static final double[] TRANSFER_WEIGHTS = {1, 0.25, 0, 4};

    @Override
    public PlanResult plan(PlanRequest request) {
        return plan(request, true, PARTS_OF_TIME);
    }

    /** The same, but divided only where that pays: one stage is, in any case. */
    public PlanResult planFreely(PlanRequest request) {
        return plan(request, false, PARTS_OF_TIME);
    }

    /** The same with few of the cuts, in a tenth of the time or less. */
    public PlanResult planCoarsely(PlanRequest request) {
        return plan(request, false, FEW_PARTS_OF_TIME);
    }

    /** Such a division in words. */
    public static String name(int shards) {
        return "rows over " + shards + " core groups";
    }

    /**
     * @param force whether the row-divisible part is divided even where that does not pay; at least one stage is divided
     *     in any case
     */
    private static PlanResult plan(PlanRequest request, boolean force, int partsOfTime) {
        return ShardGroups.plan(
                request,
                name(request.shards()),
                groups -> best(request, groups, force, partsOfTime),
                groups -> unplanned(request, groups));
    }

    private static Optional<Plan> best(PlanRequest request, List<CoreGroup> groups, boolean force, int partsOfTime) {
        RowsProblem problem = new RowsProblem(request, groups, partsOfTime);
        Set<List<RowsProblem.Span>> ways = new LinkedHashSet<>();
        for (double weight : TRANSFER_WEIGHTS) {
            new RowsSearch(problem, weight, force).stages().ifPresent(ways::add);
        }
        if (ways.isEmpty() && force) {
            return best(request, groups, false, partsOfTime);
        }
        return ways.stream()
                .map(way -> Draft.plan(request, "rows", problem.stages(way)))
                .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()))
                .min(Comparator.comparingDouble(plan -> request.objective().value(plan.predicted())))
                .map(plan -> overlapped(request, plan));
    }

    /** Where requests follow each other, core groups compute others while halos are under way. */
    private static Plan overlapped(PlanRequest request, Plan plan) {
        return request.objective().isOfOneRequest()
                ? HaloOverlap.whereItPays(
                        request, plan.scheme(), plan.lanes().get(0).stages())
                : plan;
    }

    private static String unplanned(PlanRequest request, List<CoreGroup> groups) {
        return Divisibility.refusal(request.graph(), request.graph().whole(), request.shards())
                .map(reason -> "no stage of model " + request.graph().name() + " can be divided along rows into "
                        + request.shards() + " shards: " + reason)
                .orElseGet(() -> "no division of model " + request.graph().name() + " along rows over "
                        + groups.stream().map(CoreGroup::id).toList()
                        + " gives every shard rows to compute and links to the others. Maybe ask for fewer shards.");
    }
}
