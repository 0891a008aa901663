package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Query;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario asks for.
 *
 * @param percentile of latencies that counts, in percent; unused offline
 * @param latencyBound that the percentile must keep; for the server scenario, and for it alone
 * @param minDuration shortest run that counts
 * @param minQueries fewest queries, offline samples, that count; at least 1
 * @param seed of the arrivals: the same gives the same
 */
public record Goal(
        Scenario scenario,
        double percentile,
        @Nullable Duration latencyBound,
        Duration minDuration,
        int minQueries,
        long seed) {

    /** Runs shorter than this many bounds end before a server that cannot keep up has fallen behind by one. */
    public static final int BOUNDS_PER_RUN = 10;

    public Goal {
        if (minDuration.isNegative() || minDuration.isZero() || minQueries < 1) {
            throw new IllegalArgumentException("minDuration (" + minDuration + ") must be above 0 and minQueries ("
                    + minQueries + ") at least 1.");
        }
        if ((scenario == Scenario.SERVER) != (latencyBound != null)) {
            throw new IllegalArgumentException(
                    "latencyBound (" + latencyBound + ") must be given for the server scenario, and for it alone.");
        }
        requirePlausible(latencyBound, minDuration);
        EarlyStopping.of(percentile);
    }

    private static void requirePlausible(@Nullable Duration bound, Duration minDuration) {
        if (bound == null) {
            return;
        }
        if (bound.isNegative() || bound.isZero()) {
            throw new IllegalArgumentException("latencyBound (" + bound + ") must be above 0.");
        }
        if (minDuration.compareTo(bound.multipliedBy(BOUNDS_PER_RUN)) < 0) {
            throw new IllegalArgumentException("minDuration (" + minDuration + ") must be at least " + BOUNDS_PER_RUN
                    + " times latencyBound (" + bound
                    + "): a shorter run ends before a server that cannot keep up has fallen behind.");
        }
    }

    public EarlyStopping earlyStopping() {
        return EarlyStopping.of(percentile);
    }

    public Optional<Duration> bound() {
        return Optional.ofNullable(latencyBound);
    }

    /** Whether latencies count, and not the rate alone. */
    public boolean isOfLatencies() {
        return scenario != Scenario.OFFLINE;
    }

    /** Whether a query is over the bound: it came too late, or there was no answer. */
    boolean isOver(Query query) {
        return !query.isAnswered() || (latencyBound != null && query.latencyNanos() > latencyBound.toNanos());
    }
}
