package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Query;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Latencies of a run, in nanoseconds, sorted and not rounded. Queries without an answer have none, and rank as the slowest. */
final class Latencies {

    private static final double PERCENT = 100;

    private final long[] answered;
    private final int queries;

    Latencies(List<Query> queries) {
        this.answered = queries.stream()
                .filter(Query::isAnswered)
                .mapToLong(Query::latencyNanos)
                .sorted()
                .toArray();
        this.queries = queries.size();
    }

    /** As MLPerf's load generator takes it: what that share of all queries is below; empty: no answer. */
    OptionalLong percentile(double percent) {
        return at((int) Math.min(queries - 1L, (long) (queries * percent / PERCENT)));
    }

    /** The slowest but so many. */
    OptionalLong slowestBut(int discarded) {
        return at(queries - 1 - discarded);
    }

    OptionalLong min() {
        return Arrays.stream(answered).min();
    }

    /** Of those answered. */
    OptionalLong max() {
        return Arrays.stream(answered).max();
    }

    /** Of those answered; NaN: none was. */
    double mean() {
        return Arrays.stream(answered).average().orElse(Double.NaN);
    }

    private OptionalLong at(int index) {
        return index >= 0 && index < answered.length ? OptionalLong.of(answered[index]) : OptionalLong.empty();
    }
}
