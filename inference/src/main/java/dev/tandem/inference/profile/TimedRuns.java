package dev.tandem.inference.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * How often something is run to learn how long it takes: as often as a time allows, within limits. The first run never
 * counts, as it learns how to lay the memory out.
 *
 * @param least runs that count, at least 1
 * @param most runs that count, at least as many
 * @param budgetSeconds time after which no run begins once there are enough
 */
public record TimedRuns(int least, int most, double budgetSeconds) {
    private static final double NANOS_PER_SECOND = 1e9;

    public TimedRuns {
        if (least < 1 || most < least || !(budgetSeconds >= 0)) {
            throw new IllegalArgumentException("runs must be at least 1 (" + least + "), at most no fewer (" + most
                    + "), in a time of at least 0 s (" + budgetSeconds + ")");
        }
    }

    Timing time(Runnable run) {
        run.run();
        List<Double> seconds = new ArrayList<>();
        long begin = System.nanoTime();
        while (seconds.size() < least
                || (seconds.size() < most && System.nanoTime() - begin < budgetSeconds * NANOS_PER_SECOND)) {
            long start = System.nanoTime();
            run.run();
            seconds.add((System.nanoTime() - start) / NANOS_PER_SECOND);
        }
        return Timing.of(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
