package dev.tandem.core.planner;

/** Decides what runs where. Implementations are deterministic and safe to share between threads. */
@FunctionalInterface
public interface Planner {

    /** The best plan of those that this planner knows to make, or why there is none. */
    PlanResult plan(PlanRequest request);
}
