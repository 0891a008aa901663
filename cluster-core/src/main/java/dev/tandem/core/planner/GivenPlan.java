package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import java.util.List;

/** A plan that has been made already: taken as it is where it can run, and refused where it cannot. */
public final class GivenPlan implements Planner {

    private static final String NAME = "given plan";

    private final Plan given;

    /** @param given whose lanes are kept; what it predicts is predicted anew */
    public GivenPlan(Plan given) {
        this.given = given;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        // Only what runs here can be scored, and only what is scored says how much memory it takes here.
        List<String> problems = problems(given, request);
        if (!problems.isEmpty()) {
            return refused(problems);
        }
        Plan plan = Draft.ofLanes(request, given.scheme(), given.lanes());
        List<String> shortages = problems(plan, request);
        return shortages.isEmpty() ? Draft.planned(plan, NAME) : refused(shortages);
    }

    private static List<String> problems(Plan plan, PlanRequest request) {
        return PlanCheck.problems(plan, request.graph(), request.topology());
    }

    private static PlanResult.Refused refused(List<String> problems) {
        return new PlanResult.Refused("the " + NAME + " cannot run here: " + String.join("; ", problems));
    }
}
