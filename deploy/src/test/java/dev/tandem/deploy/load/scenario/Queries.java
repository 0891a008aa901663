package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.Query.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Queries that nobody sent. */
final class Queries {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private Queries() {}

    /** One every 10 ms; the latency of the first is 1 ms, of the second 2 ms, and so on. */
    static List<Query> everSlower(int queries) {
        return IntStream.range(0, queries)
                .mapToObj(number -> query(number, number + 1L, Outcome.ANSWERED))
                .toList();
    }

    /** One every 10 ms, of that latency. */
    static Query query(int number, long millis, Outcome outcome) {
        long scheduled = number * 10L * NANOS_PER_MILLI;
        return new Query(number, scheduled, scheduled, scheduled + millis * NANOS_PER_MILLI, outcome);
    }

    /** A server that answers in the order of arrival and takes an exponentially distributed time for each. */
    static ScenarioRun served(Goal goal, double arrivalsPerSecond, double servicesPerSecond, long seed) {
        Random random = new Random(seed);
        List<Query> queries = new ArrayList<>();
        long free = 0;
        for (long arrival : Server.schedule(goal, arrivalsPerSecond)) {
            double seconds = -Math.log(1 - random.nextDouble()) / servicesPerSecond;
            free = Math.max(free, arrival) + (long) (seconds * NANOS_PER_SECOND);
            queries.add(new Query(queries.size(), arrival, arrival, free, Outcome.ANSWERED));
        }
        return new ScenarioRun(queries, arrivalsPerSecond, false);
    }
}
