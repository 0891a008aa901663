package dev.tandem.core.planner.explain;

import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.LowerBound;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import java.util.List;

/**
 * Why a plan was chosen.
 *
 * @param value what the objective makes small, of the plan
 * @param lowerBound what no plan can go below, {@link LowerBound}; 0 where nothing is known
 * @param schemes one for each way of dividing, the best of it
 */
public record PlanReasons(double value, double lowerBound, List<SchemeOutcome> schemes) {

    /** The scheme of all that is not Tandem's own. */
    public static final String PUBLISHED = "published";

    /** What the lower bound does not count, in a sentence. */
    public static final String LEFT_OUT =
            "The bound counts work, the links' latency and, for throughput, the bytes of a"
                    + " gateway outside: no other bytes, no memory, no cut, and rows of one layer are divided without loss.";

    public PlanReasons {
        schemes = List.copyOf(schemes);
    }

    /**
     * The reasons for a plan. Plans again for the ways of dividing that were not tried for it.
     *
     * @param planner that made the plan, without constraints
     * @param constraints that the plan was made under
     */
    public static PlanReasons of(Planner planner, PlanRequest request, Constraints constraints, Planned planned) {
        List<Alternative> tried = new TriedSchemes(planner, request).alternatives(planned);
        return new PlanReasons(
                request.objective().value(planned.plan().predicted()),
                LowerBound.of(request),
                new Outcomes(request, constraints, tried, planned.plan().predicted()).best());
    }

    /** By what share of the bound the plan lies above it; infinite where nothing is known. */
    public double gap() {
        return lowerBound > 0 ? Math.max(0, value / lowerBound - 1) : Double.POSITIVE_INFINITY;
    }
}
