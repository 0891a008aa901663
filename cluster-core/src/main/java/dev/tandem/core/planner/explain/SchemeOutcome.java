package dev.tandem.core.planner.explain;

import dev.tandem.core.plan.PlanScore;
import java.util.Optional;

/**
 * What came of one way of dividing the model.
 *
 * @param scheme in a word: single, pipeline, rows, lanes, ..., or {@code published}
 * @param name of its best division
 * @param predicted absent where nothing fits
 * @param ratio what the objective makes small, in units of the chosen plan's: above 1 where the chosen one is better
 * @param reason what bounds it, which constraint it breaks, or why nothing fits
 */
public record SchemeOutcome(
        String scheme,
        String name,
        boolean isChosen,
        Optional<PlanScore> predicted,
        Optional<Double> ratio,
        String reason) {}
