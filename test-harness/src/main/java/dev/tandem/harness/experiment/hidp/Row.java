package dev.tandem.harness.experiment.hidp;

import dev.tandem.core.planner.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One model with requests at one board.
 *
 * @param latencySeconds of one request, by technique, each planned for latency
 * @param throughputPerSecond by technique, each planned for throughput
 * @param energyJoules of one request, all boards together, by technique, each planned for energy
 */
public record Row(
        String model,
        String leader,
        Map<String, Double> latencySeconds,
        Map<String, Double> throughputPerSecond,
        Map<String, Double> energyJoules) {

    /** A difference below rounding is none. */
    private static final double ROUNDING = 1e-9;

    /** A figure as it is written. */
    double figure(Objective objective, String technique) {
        return Objects.requireNonNull(figures(objective).get(technique));
    }

    /** Tandem's over a technique's, so that less than 1 is better for Tandem, whatever the objective. */
    double ofIts(Objective objective, String technique) {
        double ratio = figure(objective, Boards.TANDEM) / figure(objective, technique);
        return objective == Objective.THROUGHPUT ? 1 / ratio : ratio;
    }

    boolean isTie(Objective objective, String technique) {
        return Math.abs(ofIts(objective, technique) - 1) <= ROUNDING;
    }

    /** Where Tandem is behind another technique, in words. */
    List<String> losses() {
        List<String> lost = new ArrayList<>();
        for (Objective objective : Boards.OBJECTIVES) {
            for (String technique : Boards.TECHNIQUES) {
                if (ofIts(objective, technique) > 1 + ROUNDING) {
                    lost.add(model + " at " + leader + ": " + objective + " of " + technique + " "
                            + figure(objective, technique) + ", " + Boards.TANDEM + " "
                            + figure(objective, Boards.TANDEM));
                }
            }
        }
        return lost;
    }

    private Map<String, Double> figures(Objective objective) {
        return switch (objective) {
            case LATENCY -> latencySeconds;
            case THROUGHPUT -> throughputPerSecond;
            case ENERGY, ENERGY_DELAY -> energyJoules;
        };
    }
}
