package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import java.util.List;

/** What came of planning: a plan, or the reason why there is none. */
public sealed interface PlanResult {

    /**
     * A plan that fits.
     *
     * @param considered what else was looked at, in the order of looking, the chosen plan included
     * @param explanation why this plan, in a sentence
     */
    record Planned(Plan plan, List<Alternative> considered, String explanation) implements PlanResult {
        public Planned {
            considered = List.copyOf(considered);
        }
    }

    /**
     * No plan fits.
     *
     * @param reason what does not fit, with the figures, and what to try
     */
    record Refused(String reason) implements PlanResult {}
}
