package dev.tandem.deploy.load.scenario;

import dev.tandem.deploy.load.Arrivals;
import dev.tandem.deploy.load.Pulse;
import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.TimedSender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/** Queries at the times of a Poisson process of a given rate; all of them are set before the run. */
public final class Server {

    private Server() {}

    /**
     * When queries are meant to leave: nanoseconds since the beginning, until there are enough and the last one is late
     * enough.
     */
    public static long[] schedule(Goal goal, double perSecond) {
        Arrivals arrivals = new Arrivals(Arrivals.Pattern.POISSON, perSecond, goal.seed());
        LongStream.Builder times = LongStream.builder();
        long last = 0;
        for (int queries = 0;
                queries < goal.minQueries() || last < goal.minDuration().toNanos();
                queries++) {
            last = arrivals.nextNanos();
            times.add(last);
        }
        return times.build().toArray();
    }

    /**
     * Runs on the calling thread, to the end or until so many queries were over the bound that the run cannot succeed.
     *
     * @param progress told several times a second how many queries are over
     * @throws TimeoutException when the last answers do not come
     */
    public static ScenarioRun run(LoadTarget target, Goal goal, double perSecond, IntConsumer progress)
            throws TimeoutException, InterruptedException {
        long[] schedule = schedule(goal, perSecond);
        Watch watch = new Watch(goal, goal.earlyStopping().mostOver(schedule.length), progress);
        new TimedSender(target.judge(), target.answerDeadline())
                .run(LongStream.of(schedule).iterator(), target.send(), watch);
        return new ScenarioRun(watch.queries, perSecond, watch.queries.size() < schedule.length);
    }

    private static final class Watch implements TimedSender.Watch {
        private final List<Query> queries = new ArrayList<>();
        private final Goal goal;
        private final int mostOver;
        private final Pulse pulse;
        private int over;

        Watch(Goal goal, int mostOver, IntConsumer progress) {
            this.goal = goal;
            this.mostOver = mostOver;
            this.pulse = new Pulse(() -> progress.accept(queries.size()));
        }

        @Override
        public void onQuery(Query query) {
            queries.add(query);
            over += goal.isOver(query) ? 1 : 0;
        }

        @Override
        public void onTick() {
            pulse.beat();
        }

        /** At least one leaves, also where so few queries were asked for that not even none over the bound would do. */
        @Override
        public boolean isOver() {
            return over > Math.max(0, mostOver);
        }
    }
}
