package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.DataMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** The gateways that have announced themselves and have not ended. Used by the supervisor's thread only. */
final class KnownGateways {

    private final Map<ActorRef<DataMessage>, GatewayRef> known = new HashMap<>();

    /** Whether it was not known before. */
    boolean add(GatewayRef gateway) {
        return known.put(gateway.gateway(), gateway) == null;
    }

    void remove(GatewayRef gateway) {
        known.remove(gateway.gateway());
    }

    boolean isNamed(String node) {
        return known.values().stream().anyMatch(gateway -> gateway.node().equals(node));
    }

    List<GatewayRef> all() {
        return List.copyOf(known.values());
    }

    boolean contains(ActorRef<DataMessage> gateway) {
        return known.containsKey(gateway);
    }
}
