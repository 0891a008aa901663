package dev.tandem.core.planner;

import java.time.Duration;

/**
 * How long planning may go on. A planner asks now and then and, once it is spent, takes the best plan that it has: the best
 * single core group at least. Safe to be asked by any thread, so that it can also be used to stop planning from outside.
 */
public interface PlanBudget {

    /** Planning ends when all has been looked at: the same request always gets the same plan. */
    PlanBudget UNLIMITED = new PlanBudget() {
        @Override
        public boolean isSpent() {
            return false;
        }

        @Override
        public PlanBudget renewed() {
            return this;
        }
    };

    boolean isSpent();

    /** The same for another planning that begins now: as much time again. */
    PlanBudget renewed();

    /** So much time from now on. What is found in it depends on the machine. */
    static PlanBudget of(Duration time) {
        long start = System.nanoTime();
        return new PlanBudget() {
            @Override
            public boolean isSpent() {
                return System.nanoTime() - start >= time.toNanos();
            }

            @Override
            public PlanBudget renewed() {
                return of(time);
            }
        };
    }
}
