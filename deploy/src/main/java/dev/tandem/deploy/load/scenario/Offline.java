package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.Pulse;
import dev.tandem.deploy.load.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * All samples in one query. Which of them are on their way at a time is the affair of the system under test, which here
 * takes so many at once as {@code inFlight} says; every one is meant to leave at the beginning.
 *
 * @param inFlight samples on their way at any time, at least 1
 */
public record Offline(int inFlight) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** By how much the samples exceed what the rate asks for, so that the run does not end before its time. */
    private static final double MARGIN = 1.1;

    /** By how much the samples grow at least from one attempt to the next: systems become faster while they warm up. */
    private static final double GROWTH = 1.5;

    /** All of them are kept in memory until the end. */
    private static final int MOST_SAMPLES = 1 << 24;

    /**
     * Runs on the calling thread; again with more samples while they are done before the time is over.
     *
     * @param expectedPerSecond from which the number of samples is taken
     * @param progress told several times a second how many samples have been answered
     * @throws TimeoutException when no answer comes
     */
    public ScenarioRun run(LoadTarget target, Goal goal, double expectedPerSecond, IntConsumer progress)
            throws TimeoutException, InterruptedException {
        int samples = samples(goal, expectedPerSecond);
        while (true) {
            ScenarioRun run = once(target, samples, progress);
            if (samples >= MOST_SAMPLES || run.endNanos() >= goal.minDuration().toNanos()) {
                return run;
            }
            double perSecond = samples / (run.endNanos() / NANOS_PER_SECOND);
            samples = Math.max(samples(goal, perSecond), (int) Math.min(MOST_SAMPLES, samples * GROWTH));
        }
    }

    private ScenarioRun once(LoadTarget target, int samples, IntConsumer progress)
            throws TimeoutException, InterruptedException {
        List<Query> queries = new ArrayList<>(samples);
        Sent sent = new Sent();
        new ClosedLoop<Object>(inFlight, target.answerDeadline())
                .runWhile(
                        () -> sent.count < samples,
                        request -> {
                            sent.count++;
                            return target.send().apply(request);
                        },
                        query -> queries.add(fromTheBeginning(query)),
                        new Pulse(() -> progress.accept(queries.size())));
        return ScenarioRun.of(queries);
    }

    private static int samples(Goal goal, double perSecond) {
        double inTime = Math.ceil(perSecond * goal.minDuration().toNanos() / NANOS_PER_SECOND * MARGIN);
        return Math.max(goal.minQueries(), (int) Math.min(MOST_SAMPLES, inTime));
    }

    private static Query fromTheBeginning(Query query) {
        return new Query(query.number(), 0, query.issuedNanos(), query.completedNanos(), query.outcome());
    }

    private static final class Sent {
        private int count;
    }
}
