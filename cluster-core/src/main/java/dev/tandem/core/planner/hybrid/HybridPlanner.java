package dev.tandem.core.planner.hybrid;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import java.util.Optional;

/**
 * One lane of stages over nodes and, inside them, over core groups.
 *
 * <p>The plan space: stages between allowed cuts such that no tensor passes a stage by and model outputs are written by the
 * last one. A stage runs whole on one core group, or divided along rows over up to {@link HybridLimits#mostShards()} core
 * groups of any nodes, in shares of whole {@link HybridLimits#parts()}, in the order of the core groups. Stages that
 * follow each other may share nodes and core groups: a run of stages uses at most as many nodes as a stage may have
 * shards, and no node is in two runs. At most {@link HybridLimits#mostStages()} stages, within the memory of the nodes.
 * The figures of plans in this space are those of {@link dev.tandem.core.cost.PlanScorer}.
 */
public final class HybridPlanner implements Planner {

    private static final int EIGHTHS = 8;

    /** Nodes beyond these make the sets too many. */
    private static final int MOST_NODES = 8;

    private static final int MOST_STAGES = 12;

    /** Core groups whose shares are all tried. */
    private static final int SMALL = 3;

    private static final long QUICK_STEPS = 4_000;
    private static final long THOROUGH_STEPS = 50_000;

    private final HybridLimits limits;
    private final Constraints constraints;

    /** Any figures will do. */
    public HybridPlanner(HybridLimits limits) {
        this(limits, Constraints.NONE);
    }

    /** @param constraints that plans must keep */
    public HybridPlanner(HybridLimits limits, Constraints constraints) {
        this.limits = limits;
        this.constraints = constraints;
    }

    /** A search that takes no longer than other planners do, whatever the size of the cluster. */
    public static HybridPlanner quick(PlanRequest request) {
        return new HybridPlanner(limits(request, QUICK_STEPS));
    }

    /** A search that takes its time. */
    public static HybridPlanner thorough(PlanRequest request) {
        return new HybridPlanner(limits(request, THOROUGH_STEPS));
    }

    private static HybridLimits limits(PlanRequest request, long steps) {
        int groups = request.overFastest(MOST_NODES).topology().nodes().stream()
                .mapToInt(node -> node.coreGroups().size())
                .sum();
        boolean small = groups <= SMALL;
        return new HybridLimits(
                Math.min(request.shards(), small ? 3 : 2), EIGHTHS, small, MOST_STAGES, small ? 12 : 16, steps);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        Optional<String> refusal =
                request.objective().refusal(request.topology()).or(() -> constraints.refusal(request.topology()));
        return refusal.<PlanResult>map(Refused::new).orElseGet(() -> searched(request));
    }

    private PlanResult searched(PlanRequest request) {
        LaneSearch search = search(request, Double.POSITIVE_INFINITY);
        Optional<Plan> found = search.stages().map(best -> Draft.plan(request, "hybrid", best));
        return found.<PlanResult>map(plan -> Draft.planned(plan, "hybrid"))
                .orElseGet(() -> new Refused(search.isComplete() ? nothingFits(request) : cutShort(request)));
    }

    private static String nothingFits(PlanRequest request) {
        return "no chain of stages of model " + request.graph().name()
                + " on core groups keeps within memory, links and bounds. " + Draft.supply(request, 1)
                + ". Maybe allow more nodes.";
    }

    private static String cutShort(PlanRequest request) {
        return "no chain of stages of model " + request.graph().name()
                + " on core groups was found in the time and steps that the search has; there may be one. "
                + "Maybe allow a larger budget or fewer nodes.";
    }

    /**
     * The best plan of the space, if one is better than what is known.
     *
     * @param known value of the objective that is reached already; infinite for none
     */
    public Optional<Plan> best(PlanRequest request, double known) {
        return search(request, known).stages().map(best -> Draft.plan(request, "hybrid", best));
    }

    private LaneSearch search(PlanRequest request, double known) {
        Space space =
                new Space(request, request.overFastest(MOST_NODES).topology().nodes(), limits);
        return new LaneSearch(space, Aim.of(request, constraints), limits, request.budget(), known);
    }
}
