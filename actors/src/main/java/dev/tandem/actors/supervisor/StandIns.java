package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** Gateways that put in place themselves what a supervisor has left them for its loss. Used by the supervisor's thread only. */
final class StandIns {

    private final Map<ActorRef<DataMessage>, Long> sinceNanos = new HashMap<>();

    void see(Announce announce) {
        ActorRef<DataMessage> gateway = announce.gateway().gateway();
        if (announce.isStandingIn()) {
            sinceNanos.putIfAbsent(gateway, System.nanoTime());
        } else {
            sinceNanos.remove(gateway);
        }
    }

    boolean contains(ActorRef<DataMessage> gateway) {
        return sinceNanos.containsKey(gateway);
    }

    /** Whether it is about it, and was not yet for so long that what it needs must be lost, too. */
    boolean isPromising(ActorRef<DataMessage> gateway, Duration patience) {
        Long since = sinceNanos.get(gateway);
        return since != null && System.nanoTime() - since < patience.toNanos();
    }

    void forget(ActorRef<DataMessage> gateway) {
        sinceNanos.remove(gateway);
    }
}
