package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import java.util.List;
import java.util.OptionalDouble;

/** What came of planning: a plan, or the reason why there is none. */
public sealed interface PlanResult {

    /**
     * A plan that fits.
     *
     * @param considered what else was looked at, in the order of looking, the chosen plan included
     * @param explanation why this plan, in a sentence
     * @param lowerBound what no plan can beat, in the unit of the objective; see {@link LowerBound}
     */
    record Planned(Plan plan, List<Alternative> considered, String explanation, OptionalDouble lowerBound)
            implements PlanResult {
        public Planned {
            considered = List.copyOf(considered);
        }

        /** The same with what no plan can beat. */
        public Planned withLowerBound(double bound) {
            return new Planned(plan, considered, explanation, OptionalDouble.of(bound));
        }

        /** By how much of the lower bound the plan may miss what is possible, at the most; 0 where it is proven best. */
        public OptionalDouble gap(Objective objective) {
            return lowerBound.isPresent() && lowerBound.getAsDouble() > 0
                    ? OptionalDouble.of(Math.max(0, objective.value(plan.predicted()) / lowerBound.getAsDouble() - 1))
                    : OptionalDouble.empty();
        }
    }

    /**
     * No plan fits.
     *
     * @param reason what does not fit, with the figures, and what to try
     */
    record Refused(String reason) implements PlanResult {}
}
