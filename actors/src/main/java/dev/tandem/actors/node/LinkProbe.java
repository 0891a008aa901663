package dev.tandem.actors.node;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
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
 * other. One that is asked for meanwhile waits; a brief one is not made, and gives way.
 */
public final class LinkProbe extends AbstractBehavior<LinkProbe.Command> {

    /** Name under the guardian of every member. */
    public static final String NAME = "probe";

    private static final int LEAST_ROUND_TRIPS = 8;
    private static final int MOST_ROUND_TRIPS = 200;
    private static final int LOADS = 8;
    /** Of one large message. */
    public static final int LOAD_BYTES = 192 * 1024;

    /** A brief measurement of a link that is faster takes longer loads: a single one would be over in the time of a pause. */
    private static final double FAST_BYTES_PER_SECOND = 25e6;

    /**
     * The first messages of a connection find cold code and small windows: on fast links the best of several counts. The
     * first burst is a single load, so that a slow link is known by it and is left with nothing on its way; it does not count
     * where longer ones follow.
     */
    private static final int LEAST_BURSTS = 4;

    private static final int MOST_BURSTS = 24;

    /** So many round trips, and single loads, are a brief measurement. */
    private static final int BRIEF = 3;

    /**
     * A young member's code is so cold that the best of 8 round trips and 4 bursts on loopback was 0.5 to 1 ms and 130 to
     * 200 MB/s, of 200 and 30 it was 0.2 to 0.4 ms and 400 to 1200 MB/s. So the first measurement of a pair of which
     * either end is young goes on for these times.
     */
    private static final long WARM_UP_TRIPS_NANOS = Duration.ofMillis(100).toNanos();

    private static final long WARM_UP_BURSTS_NANOS = Duration.ofMillis(150).toNanos();
    /** A member that has sent and answered so many is not young any more. */
    private static final int YOUNG_MESSAGES = 200;

    private static final long LONG_BURST_NANOS = Duration.ofMillis(200).toNanos();

    /** Messages of a probe. */
    public sealed interface Command extends ControlMessage {}

    /**
     * Asks this node to measure its path to another.
     *
     * @param isBrief whether a few messages are to do: the path serves, and others wait for every byte
     */
    public record Measure(
            String from,
            String to,
            ActorRef<Command> target,
            boolean isBrief,
            Duration timeout,
            ActorRef<Measured> replyTo)
            implements Command {}

    /** From another probe: answer at once. */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity, as every message is
    public record Ping(int number, byte[] load, ActorRef<Command> replyTo) implements Command {
        @Override
        public String toString() {
            return "Ping " + number + " of " + load.length + " bytes";
        }
    }

    /**
     * Answer to a {@link Ping}.
     *
     * @param isYoung whether the probe has not exchanged enough messages to be as fast as it will be
     */
    public record Pong(int number, boolean isYoung) implements Command {}

    private enum TimedOut implements Command {
        TIMED_OUT
    }

    /** The outcome of a {@link Measure}: a link, or why there is none. */
    public sealed interface Measured extends ControlMessage {}

    /** The path works. */
    public record Reached(Link link) implements Measured {}

    /** A brief measurement was not made: another goes before it. */
    public record Busy(String from, String to) implements Measured {}

    /** The path did not answer in time. */
    public record NotReached(String from, String to, String reason) implements Measured {}

    private final TimerScheduler<Command> timers;
    private @Nullable Series series;
    private int nextNumber;
    private int exchanged;
    private final Set<ActorRef<Command>> measuredBefore = new HashSet<>();
    private final Deque<Measure> waiting = new ArrayDeque<>();

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
        exchanged++;
        ping.replyTo().tell(new Pong(ping.number(), isYoung()));
        return this;
    }

    private boolean isYoung() {
        return exchanged < YOUNG_MESSAGES;
    }

    private Behavior<Command> onMeasure(Measure measure) {
        if (series == null) {
            begin(measure);
        } else if (measure.isBrief()) {
            busy(measure);
        } else if (series.order.isBrief()) {
            busy(series.order);
            begin(measure);
        } else {
            waiting.addLast(measure);
        }
        return this;
    }

    private static void busy(Measure measure) {
        measure.replyTo().tell(new Busy(measure.from(), measure.to()));
    }

    private void begin(Measure measure) {
        series = new Series(measure, nextNumber);
        nextNumber += MOST_ROUND_TRIPS + MOST_BURSTS * LOADS;
        timers.startSingleTimer(TimedOut.TIMED_OUT, measure.timeout());
        series.ping(0);
    }

    private void beginNext() {
        series = null;
        timers.cancelAll();
        Measure next = waiting.pollFirst();
        if (next != null) {
            begin(next);
        }
    }

    private Behavior<Command> onPong(Pong pong) {
        Series over = series;
        exchanged++;
        if (over != null && over.onPong(pong)) {
            over.order.replyTo().tell(new Reached(over.link()));
            measuredBefore.add(over.order.target());
            beginNext();
        }
        return this;
    }

    private Behavior<Command> onTimedOut() {
        if (series != null) {
            Measure order = series.order;
            order.replyTo()
                    .tell(new NotReached(order.from(), order.to(), series.missing() + " within " + order.timeout()));
            beginNext();
        }
        return this;
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
        /** Of the last burst. */
        private int loads;
        /** Loads of the longest burst. */
        private int longest;

        private double bytesPerSecond;
        private boolean isBetweenYoung;

        Series(Measure order, int first) {
            this.order = order;
            this.first = first;
            this.isBetweenYoung = isYoung();
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
            isBetweenYoung |= pong.isYoung() && number >= 0;
            if (number == roundTripNanos.size() && bursts == 0) {
                roundTripNanos.add(elapsed);
                if (isEnough(
                        number + 1,
                        order.isBrief() ? BRIEF : LEAST_ROUND_TRIPS,
                        MOST_ROUND_TRIPS,
                        WARM_UP_TRIPS_NANOS)) {
                    beginNanos = System.nanoTime();
                    sendLoads();
                } else {
                    ping(number + 1);
                }
            } else if (number == MOST_ROUND_TRIPS + (bursts - 1) * LOADS + loads - 1) {
                count(bytesPerSecond(elapsed));
                if (elapsed > LONG_BURST_NANOS
                        || isEnough(
                                bursts, order.isBrief() ? BRIEF : LEAST_BURSTS, MOST_BURSTS, WARM_UP_BURSTS_NANOS)) {
                    return true;
                }
                sendLoads();
            }
            return false;
        }

        private boolean isEnough(int done, int least, int most, long nanos) {
            return done == most
                    || (done >= least
                            && (order.isBrief()
                                    || measuredBefore.contains(order.target())
                                    || !isBetweenYoung
                                    || System.nanoTime() - beginNanos >= nanos));
        }

        /** What has not come although its time is over. */
        String missing() {
            return bursts == 0 ? "no answer" : "no acknowledgement of " + loads * LOAD_BYTES + " bytes";
        }

        /**
         * Of bursts of the same length the best counts, of others the longest: of a single load most may pass at once on a link
         * that is held to a rate over some milliseconds.
         */
        private void count(double burstBytesPerSecond) {
            if (loads > longest) {
                longest = loads;
                bytesPerSecond = burstBytesPerSecond;
            } else if (loads == longest) {
                bytesPerSecond = Math.max(bytesPerSecond, burstBytesPerSecond);
            }
        }

        private double bytesPerSecond(long burstNanos) {
            double roundTripSeconds = Collections.min(roundTripNanos) / 1e9;
            return loads * (double) LOAD_BYTES / Math.max(1e-6, burstNanos / 1e9 - roundTripSeconds);
        }

        private void sendLoads() {
            int before = first + MOST_ROUND_TRIPS + bursts * LOADS;
            boolean isSlow = order.isBrief() && bytesPerSecond < FAST_BYTES_PER_SECOND;
            loads = bursts == 0 || isSlow ? 1 : LOADS;
            bursts++;
            sentNanos = System.nanoTime();
            for (int load = 0; load < loads; load++) {
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
