package dev.tandem.actors.node;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Measures the path from this node to another with real messages: round trips of small ones for the latency, the time
 * until a series of large ones is acknowledged for the bandwidth.
 *
 * <p>One measurement at a time; the supervisor asks one probe after the other, so that measurements do not disturb each
 * other.
 */
public final class LinkProbe extends AbstractBehavior<LinkProbe.Command> {

    /** Name under the guardian of every member. */
    public static final String NAME = "probe";

    private static final int LEAST_ROUND_TRIPS = 8;
    private static final int MOST_ROUND_TRIPS = 200;
    private static final int LOADS = 8;
    private static final int LOAD_BYTES = 192 * 1024;

    /**
     * The first messages of a connection find cold code and small windows: on fast links the best of several counts. The
     * first burst is a single load, so that a slow link is known by it and is left with nothing on its way.
     */
    private static final int LEAST_BURSTS = 4;

    private static final int MOST_BURSTS = 24;

    /**
     * A young member's code is so cold that the best of 8 round trips and 4 bursts on loopback was 0.5 to 1 ms and 130 to
     * 200 MB/s, of 200 and 30 it was 0.2 to 0.4 ms and 400 to 1200 MB/s. So the first measurement of a pair, of which
     * either end may be young, goes on for these times.
     */
    private static final long WARM_UP_TRIPS_NANOS = Duration.ofMillis(100).toNanos();

    private static final long WARM_UP_BURSTS_NANOS = Duration.ofMillis(150).toNanos();
    private static final long LONG_BURST_NANOS = Duration.ofMillis(200).toNanos();

    /** Messages of a probe. */
    public sealed interface Command extends ControlMessage {}

    /** Asks this node to measure its path to another. */
    public record Measure(
            String from, String to, ActorRef<Command> target, Duration timeout, ActorRef<Measured> replyTo)
            implements Command {}

    /** From another probe: answer at once. */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity, as every message is
    public record Ping(int number, byte[] load, ActorRef<Command> replyTo) implements Command {
        @Override
        public String toString() {
            return "Ping " + number + " of " + load.length + " bytes";
        }
    }

    /** Answer to a {@link Ping}. */
    public record Pong(int number) implements Command {}

    private enum TimedOut implements Command {
        TIMED_OUT
    }

    /** The outcome of a {@link Measure}: a link, or why there is none. */
    public sealed interface Measured extends ControlMessage {}

    /** The path works. */
    public record Reached(Link link) implements Measured {}

    /** The path did not answer in time. */
    public record NotReached(String from, String to, String reason) implements Measured {}

    private final TimerScheduler<Command> timers;
    private @Nullable Series series;
    private int nextNumber;
    private final Set<ActorRef<Command>> measuredBefore = new HashSet<>();

    public static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new LinkProbe(context, timers)));
    }

    private LinkProbe(ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.timers = timers;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ping.class, this::onPing)
                .onMessage(Pong.class, this::onPong)
                .onMessage(Measure.class, this::onMeasure)
                .onMessage(TimedOut.class, timedOut -> onTimedOut())
                .build();
    }

    private Behavior<Command> onPing(Ping ping) {
        ping.replyTo().tell(new Pong(ping.number()));
        return this;
    }

    private Behavior<Command> onMeasure(Measure measure) {
        if (series != null) {
            giveUp(series, "another measurement was asked for");
        }
        series = new Series(measure, nextNumber);
        nextNumber += MOST_ROUND_TRIPS + MOST_BURSTS * LOADS;
        timers.startSingleTimer(TimedOut.TIMED_OUT, measure.timeout());
        series.ping(0);
        return this;
    }

    private Behavior<Command> onPong(Pong pong) {
        Series over = series;
        if (over != null && over.onPong(pong)) {
            over.order.replyTo().tell(new Reached(over.link()));
            series = null;
            measuredBefore.add(over.order.target());
            timers.cancelAll();
        }
        return this;
    }

    private Behavior<Command> onTimedOut() {
        if (series != null) {
            giveUp(series, series.missing() + " within " + series.order.timeout());
        }
        return this;
    }

    private void giveUp(Series over, String reason) {
        over.order.replyTo().tell(new NotReached(over.order.from(), over.order.to(), reason));
        series = null;
    }

    /**
     * One measurement: small round trips one by one, then the loads in bursts. No two series have a number in common,
     * so that a late answer to the one before is not taken for one to this.
     */
    private final class Series {
        private final Measure order;
        private final int first;
        private final List<Long> roundTripNanos = new ArrayList<>();
        private long beginNanos = System.nanoTime();
        private long sentNanos;
        private int bursts;
        private double bytesPerSecond;

        Series(Measure order, int first) {
            this.order = order;
            this.first = first;
        }

        void ping(int number) {
            sentNanos = System.nanoTime();
            order.target()
                    .tell(new Ping(first + number, new byte[0], getContext().getSelf()));
        }

        /** Whether the series is over. */
        boolean onPong(Pong pong) {
            long elapsed = System.nanoTime() - sentNanos;
            int number = pong.number() - first;
            if (number == roundTripNanos.size() && bursts == 0) {
                roundTripNanos.add(elapsed);
                if (isEnough(number + 1, LEAST_ROUND_TRIPS, MOST_ROUND_TRIPS, WARM_UP_TRIPS_NANOS)) {
                    beginNanos = System.nanoTime();
                    sendLoads();
                } else {
                    ping(number + 1);
                }
            } else if (number == MOST_ROUND_TRIPS + (bursts - 1) * LOADS + loads(bursts - 1) - 1) {
                bytesPerSecond = Math.max(bytesPerSecond, bytesPerSecond(elapsed));
                if (elapsed > LONG_BURST_NANOS || isEnough(bursts, LEAST_BURSTS, MOST_BURSTS, WARM_UP_BURSTS_NANOS)) {
                    return true;
                }
                sendLoads();
            }
            return false;
        }

        private boolean isEnough(int done, int least, int most, long nanos) {
            return done == most
                    || (done >= least
                            && (measuredBefore.contains(order.target()) || System.nanoTime() - beginNanos >= nanos));
        }

        /** What has not come although its time is over. */
        String missing() {
            return bursts == 0 ? "no answer" : "no acknowledgement of " + loads(bursts - 1) * LOAD_BYTES + " bytes";
        }

        private static int loads(int burst) {
            return burst == 0 ? 1 : LOADS;
        }

        private double bytesPerSecond(long burstNanos) {
            double roundTripSeconds = Collections.min(roundTripNanos) / 1e9;
            return loads(bursts - 1) * (double) LOAD_BYTES / Math.max(1e-6, burstNanos / 1e9 - roundTripSeconds);
        }

        private void sendLoads() {
            int before = first + MOST_ROUND_TRIPS + bursts * LOADS;
            int count = loads(bursts++);
            sentNanos = System.nanoTime();
            for (int load = 0; load < count; load++) {
                order.target()
                        .tell(new Ping(
                                before + load,
                                new byte[LOAD_BYTES],
                                getContext().getSelf()));
            }
        }

        Link link() {
            return new Link(order.from(), order.to(), bytesPerSecond, Collections.min(roundTripNanos) / 2e9);
        }
    }
}
