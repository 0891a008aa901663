package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.Quartiles;
import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How a page writes figures. */
final class Words {

    private static final double MILLIS = 1e3;

    private Words() {}

    /** What is measured for an aim, with its unit. */
    static String unit(Objective aim) {
        return aim == Objective.LATENCY ? "ms" : "per second";
    }

    /** What a figure of the log is in that unit. */
    static double inUnit(Objective aim, double figure) {
        return aim == Objective.LATENCY ? figure * MILLIS : figure;
    }

    /** Three digits, and all of them before the point. */
    static String digits(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    /** The median, with the quartiles when there is more than one. */
    static <T> String spread(List<T> items, ToDoubleFunction<T> figure) {
        Quartiles quartiles =
                Quartiles.of(items.stream().map(figure::applyAsDouble).toList());
        return items.size() == 1 ? digits(quartiles.median()) : spread(quartiles);
    }

    static String spread(Quartiles quartiles) {
        return digits(quartiles.median()) + " (" + digits(quartiles.low()) + " to " + digits(quartiles.high()) + ")";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String percent(Quartiles shares) {
        return String.format(
                Locale.ROOT, "%.1f %% (%.1f to %.1f)", 100 * shares.median(), 100 * shares.low(), 100 * shares.high());
    }

    /** What an interval says of Tandem. */
    static String verdict(Comparison.Beside beside) {
        Side side = beside.ratio().side();
        return beside.isSame()
                ? "same plan"
                : switch (side) {
                    case ABOVE -> "ahead";
                    case BELOW -> "behind";
                    case WITHIN_NOISE -> "within noise";
                    case UNKNOWN -> beside.isAhead() ? "ahead in one round" : "not ahead in one round";
                };
    }
}
