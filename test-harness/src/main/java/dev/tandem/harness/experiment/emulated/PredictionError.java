package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.List;

/**
 * How far measured over what was said beforehand is from 1.
 *
 * @param plans of the medians over the rounds of each distinct plan
 * @param runs of each measurement
 */
public record PredictionError(Objective aim, Opinion opinion, Spread plans, Spread runs) {

    /** The error that is aimed at. */
    static final double AIM = 0.08;

    /**
     * Errors of several.
     *
     * @param within how many are at most {@value #AIM}
     */
    public record Spread(Quartiles error, int count, int within) {

        static Spread of(List<Double> errors) {
            return new Spread(Quartiles.of(errors), errors.size(), (int)
                    errors.stream().filter(error -> error <= AIM).count());
        }
    }

    /** @param plans at least one; all are of this aim */
    static PredictionError of(Objective aim, Opinion opinion, List<MeasuredPlan> plans) {
        return new PredictionError(
                aim,
                opinion,
                Spread.of(plans.stream().map(plan -> of(plan, opinion)).toList()),
                Spread.of(plans.stream()
                        .flatMap(plan -> plan.rounds().stream())
                        .map(run -> Math.abs(opinion.ratio(run) - 1))
                        .toList()));
    }

    /** Of one plan: how far the median over its rounds is off. */
    static double of(MeasuredPlan plan, Opinion opinion) {
        return Math.abs(plan.median(opinion::ratio) - 1);
    }
}
