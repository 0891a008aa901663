package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.Pulse;
import dev.tandem.deploy.load.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** One query after the other, until there are enough and the last one left late enough. */
public final class SingleStream {

    private SingleStream() {}

    /**
     * Runs on the calling thread.
     *
     * @param progress told several times a second how many queries have been answered
     * @throws TimeoutException when an answer does not come
     */
    public static ScenarioRun run(LoadTarget target, Goal goal, IntConsumer progress)
            throws TimeoutException, InterruptedException {
        List<Query> queries = new ArrayList<>();
        Pulse pulse = new Pulse(() -> progress.accept(queries.size()));
        new ClosedLoop<Object>(1, target.answerDeadline())
                .runWhile(() -> !isEnough(queries, goal), target.send(), queries::add, pulse);
        return ScenarioRun.of(queries);
    }

    private static boolean isEnough(List<Query> queries, Goal goal) {
        return queries.size() >= goal.minQueries()
                && queries.get(queries.size() - 1).issuedNanos()
                        >= goal.minDuration().toNanos();
    }
}
