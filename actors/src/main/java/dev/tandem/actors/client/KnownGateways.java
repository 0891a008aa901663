package dev.tandem.actors.client;

import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** The gateways that a client has heard of, and what each serves. Used by the client's thread only. */
final class KnownGateways {

    /** A gateway of which nothing has come for so long counts as lost, beside the time for the bytes on their way to it. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    /** A network that is slower than this only makes requests be sent twice. */
    private static final long SLOWEST_BYTES_PER_SECOND = 1_000_000;

    private final LongSupplier nanoTime;
    private final long mostBytesUnderWay;
    private final Map<ActorRef<DataMessage>, Long> listedNanos = new HashMap<>();
    private final Map<ActorRef<DataMessage>, Known> known = new HashMap<>();

    private static final class Known {
        private Greeted last;
        private long heardNanos;
        private int outstanding;
        private long bytesUnderWay;
        private Optional<Submission.Arrival> lastArrival = Optional.empty();

        Known(Greeted greeted, long heardNanos) {
            this.last = greeted;
            this.heardNanos = heardNanos;
        }

        Duration transferTime() {
            return Duration.ofMillis(1000 * bytesUnderWay / SLOWEST_BYTES_PER_SECOND);
        }
    }

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param mostBytesUnderWay to one gateway, unless it is one request alone
     */
    KnownGateways(LongSupplier nanoTime, long mostBytesUnderWay) {
        this.nanoTime = nanoTime;
        this.mostBytesUnderWay = mostBytesUnderWay;
    }

    /**
     * Takes over what the receptionist lists.
     *
     * @return those that are listed no more
     */
    Set<ActorRef<DataMessage>> list(Set<ActorRef<DataMessage>> now) {
        Set<ActorRef<DataMessage>> gone = new HashSet<>(listedNanos.keySet());
        gone.removeAll(now);
        listedNanos.keySet().removeAll(gone);
        now.forEach(gateway -> listedNanos.putIfAbsent(gateway, nanoTime.getAsLong()));
        known.keySet().removeAll(gone);
        return gone;
    }

    /** All that are listed, greeted or not. */
    Set<ActorRef<DataMessage>> listed() {
        return Set.copyOf(listedNanos.keySet());
    }

    /** Whether there are gateways that were found only now and have not said yet what they serve. */
    boolean mayStillGreet() {
        long now = nanoTime.getAsLong();
        return listedNanos.entrySet().stream()
                .anyMatch(gateway ->
                        !known.containsKey(gateway.getKey()) && now - gateway.getValue() < SILENCE.toNanos());
    }

    /** Whether this is the first sign of life, or the first since it was lost. */
    boolean greeted(Greeted greeted) {
        if (!listedNanos.containsKey(greeted.gateway())) {
            return false;
        }
        Known before = known.putIfAbsent(greeted.gateway(), new Known(greeted, nanoTime.getAsLong()));
        if (before != null) {
            before.last = greeted;
            heard(greeted.gateway());
        }
        return before == null;
    }

    /** Something has come from a gateway, which so is alive: what it says of itself may be behind a lot of outputs. */
    void heard(ActorRef<DataMessage> gateway) {
        Known found = known.get(gateway);
        if (found != null) {
            found.heardNanos = nanoTime.getAsLong();
        }
    }

    /** Forgets a gateway until it greets again. */
    void lost(ActorRef<DataMessage> gateway) {
        known.remove(gateway);
    }

    List<ActorRef<DataMessage>> on(String node) {
        return known.values().stream()
                .filter(gateway -> gateway.last.node().equals(node))
                .map(gateway -> gateway.last.gateway())
                .toList();
    }

    /** Those of which nothing has been heard for too long: a greeting waits behind the inputs that were sent before it. */
    List<ActorRef<DataMessage>> silent() {
        long now = nanoTime.getAsLong();
        return known.values().stream()
                .filter(gateway -> now - gateway.heardNanos
                        > SILENCE.plus(gateway.transferTime()).toNanos())
                .map(gateway -> gateway.last.gateway())
                .toList();
    }

    /** How long the bytes that are on their way to a gateway may take. */
    Duration transferTime(ActorRef<DataMessage> gateway) {
        Known found = known.get(gateway);
        return found == null ? Duration.ZERO : found.transferTime();
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Name of the gateway's member. */
    String node(ActorRef<DataMessage> gateway) {
        Known found = known.get(gateway);
        return found == null ? "a gateway that is gone" : found.last.node();
    }

    /** Names of all models that are served somewhere. */
    Set<String> models() {
        Set<String> models = new TreeSet<>();
        known.values().forEach(gateway -> models.addAll(gateway.last.models()));
        return models;
    }

    /**
     * The least busy gateway that serves the model, one that has room for so many bytes on the way to it if any has. An empty name
     * stands for the only model that is served anywhere.
     */
    Optional<ActorRef<DataMessage>> choose(String model, Set<ActorRef<DataMessage>> except, long bytes) {
        Optional<String> name = model.isEmpty() ? onlyModel() : Optional.of(model);
        return name.flatMap(asked -> leastBusy(asked, except, bytes));
    }

    /** Which one it is, is known when all have said what they serve. */
    private Optional<String> onlyModel() {
        Set<String> models = models();
        return models.size() == 1 && !mayStillGreet() ? models.stream().findFirst() : Optional.empty();
    }

    private Optional<ActorRef<DataMessage>> leastBusy(String model, Set<ActorRef<DataMessage>> except, long bytes) {
        return known.values().stream()
                .filter(gateway -> gateway.last.models().contains(model))
                .filter(gateway -> !except.contains(gateway.last.gateway()))
                .min(Comparator.<Known, Boolean>comparing(gateway -> !hasRoom(gateway, bytes))
                        .thenComparing(gateway -> gateway.outstanding)
                        .thenComparing(gateway -> gateway.last.node()))
                .map(gateway -> gateway.last.gateway());
    }

    /** Whether so many bytes may be sent to a gateway now. */
    boolean hasRoom(ActorRef<DataMessage> gateway, long bytes) {
        Known found = known.get(gateway);
        return found != null && hasRoom(found, bytes);
    }

    private boolean hasRoom(Known gateway, long bytes) {
        return gateway.bytesUnderWay == 0 || gateway.bytesUnderWay + bytes <= mostBytesUnderWay;
    }

    /** A request is on its way to a gateway. */
    void sentTo(ActorRef<DataMessage> gateway, long bytes) {
        count(gateway, 1, bytes);
    }

    /** A request has reached a gateway. */
    void arrivedAt(ActorRef<DataMessage> gateway, long bytes) {
        count(gateway, 0, -bytes);
    }

    /** A gateway has said that it took a request: what was sent to it later may still be behind that. */
    void took(ActorRef<DataMessage> gateway, Submission.Arrival arrival) {
        Known found = known.get(gateway);
        if (found != null) {
            found.lastArrival = Optional.of(arrival);
        }
    }

    /** What a gateway has taken last. */
    Optional<Submission.Arrival> lastArrival(ActorRef<DataMessage> gateway) {
        return Optional.ofNullable(known.get(gateway)).flatMap(found -> found.lastArrival);
    }

    /** A request that was not on its way any more is not at a gateway either. */
    void endedAt(ActorRef<DataMessage> gateway) {
        count(gateway, -1, 0);
    }

    private void count(ActorRef<DataMessage> gateway, int requests, long bytes) {
        Known found = known.get(gateway);
        if (found != null) {
            found.outstanding = Math.max(0, found.outstanding + requests);
            found.bytesUnderWay = Math.max(0, found.bytesUnderWay + bytes);
        }
    }
}
