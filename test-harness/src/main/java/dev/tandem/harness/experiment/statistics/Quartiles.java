package dev.tandem.harness.experiment.statistics;

import java.util.List;
import java.util.Locale;

/** Where a quarter, a half and three quarters of some values lie below; between two values in proportion. */
public record Quartiles(double low, double median, double high) {

    /**
     * The middle of some figures and where their inner half ends.
     *
     * @param values at least one */
    public static Quartiles of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(List<Double> sorted, double share) {
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, low, high);
    }
}
