package dev.tandem.inference.profile;

import java.util.Arrays;

/**
 * How long something took, again and again.
 *
 * @param medianSeconds of the runs that counted
 * @param spreadSeconds median distance of a run from that median
 */
public record Timing(double medianSeconds, double spreadSeconds, int repetitions) {

    static Timing of(double[] seconds) {
        double median = median(seconds);
        double[] distances =
                Arrays.stream(seconds).map(run -> Math.abs(run - median)).toArray();
        return new Timing(median, median(distances), seconds.length);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
