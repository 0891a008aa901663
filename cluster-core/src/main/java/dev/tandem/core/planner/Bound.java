package dev.tandem.core.planner;

import dev.tandem.core.plan.PlanScore;
import java.util.Locale;

/**
 * A bound on a figure of a plan.
 *
 * @param aim whose value must not exceed
 * @param most this, in the unit of {@link Objective#value}
 */
record Bound(Objective aim, double most) {

    boolean isKeptBy(PlanScore score) {
        return aim.value(score) <= most;
    }

    /** That a plan exceeds it, and by how much. */
    String excess(PlanScore score) {
        String found = words(aim.value(score));
        return switch (aim) {
            case LATENCY ->
                "one request would take " + found + ", longer than the " + words(most) + " that it may take";
            case THROUGHPUT -> "the plan would answer " + found + ", fewer than the " + words(most) + " that it must";
            case ENERGY, ENERGY_DELAY ->
                "one request would take " + found + ", more than the " + words(most) + " that it may take";
        };
    }

    /** Together with what can be had at best. */
    String words(PlanScore best) {
        String name =
                switch (aim) {
                    case LATENCY -> "latency at most ";
                    case THROUGHPUT -> "throughput at least ";
                    case ENERGY, ENERGY_DELAY -> aim + " at most ";
                };
        return name + words(most) + " (" + extreme(best) + ")";
    }

    /** What can be had at best. */
    String extreme(PlanScore best) {
        return (aim == Objective.THROUGHPUT ? "the most is " : "the least is ") + words(aim.value(best));
    }

    private String words(double value) {
        return aim == Objective.THROUGHPUT
                ? String.format(Locale.ROOT, "%.3f requests per second", 1 / value)
                : aim.words(value);
    }
}
