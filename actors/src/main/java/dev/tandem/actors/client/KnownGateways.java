package dev.tandem.actors.client;

import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.transport.DataMessage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;

/** The gateways that a client has heard of, and what each serves. Used by the client's thread only. */
final class KnownGateways {

    private final Set<ActorRef<DataMessage>> listed = new HashSet<>();
    private final Map<ActorRef<DataMessage>, Known> known = new HashMap<>();

    private static final class Known {
        private Greeted last;
        private long heardNanos;
        private int outstanding;

        Known(Greeted greeted, long heardNanos) {
            this.last = greeted;
            this.heardNanos = heardNanos;
        }
    }

    /**
     * Takes over what the receptionist lists.
     *
     * @return those that are listed no more
     */
    Set<ActorRef<DataMessage>> list(Set<ActorRef<DataMessage>> now) {
        Set<ActorRef<DataMessage>> gone = new HashSet<>(listed);
        gone.removeAll(now);
        listed.clear();
        listed.addAll(now);
        known.keySet().removeAll(gone);
        return gone;
    }

    /** All that are listed, greeted or not. */
    Set<ActorRef<DataMessage>> listed() {
        return Set.copyOf(listed);
    }

    /** Whether this is the first sign of life, or the first since it was lost. */
    boolean greeted(Greeted greeted, long nowNanos) {
        if (!listed.contains(greeted.gateway())) {
            return false;
        }
        Known before = known.putIfAbsent(greeted.gateway(), new Known(greeted, nowNanos));
        if (before != null) {
            before.last = greeted;
            before.heardNanos = nowNanos;
        }
        return before == null;
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

    /** Those that have not greeted for longer than that. */
    List<ActorRef<DataMessage>> silentSince(long nanos) {
        return known.values().stream()
                .filter(gateway -> gateway.heardNanos < nanos)
                .map(gateway -> gateway.last.gateway())
                .toList();
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

    /** The least busy gateway that serves the model; an empty name stands for a gateway's only model. */
    Optional<ActorRef<DataMessage>> choose(String model, Set<ActorRef<DataMessage>> except) {
        return known.values().stream()
                .filter(gateway -> model.isEmpty()
                        ? gateway.last.models().size() == 1
                        : gateway.last.models().contains(model))
                .filter(gateway -> !except.contains(gateway.last.gateway()))
                .min(Comparator.<Known>comparingInt(gateway -> gateway.outstanding)
                        .thenComparing(gateway -> gateway.last.node()))
                .map(gateway -> gateway.last.gateway());
    }

    void sentTo(ActorRef<DataMessage> gateway) {
        count(gateway, 1);
    }

    void endedAt(ActorRef<DataMessage> gateway) {
        count(gateway, -1);
    }

    private void count(ActorRef<DataMessage> gateway, int change) {
        Known found = known.get(gateway);
        if (found != null) {
            found.outstanding = Math.max(0, found.outstanding + change);
        }
    }
}
