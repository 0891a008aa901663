package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.transport.DataMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What was served, could not be put back, and is still wanted: to be tried again when there is another node, and now and
 * then. Used by the supervisor's thread only.
 */
final class Interrupted {

    private final Map<ActorRef<DataMessage>, Deploy> waiting = new HashMap<>();

    void add(Deploy deploy) {
        waiting.put(deploy.gateway().gateway(), deploy);
    }

    boolean contains(ActorRef<DataMessage> gateway) {
        return waiting.containsKey(gateway);
    }

    /** Takes a gateway's out; it is tried again, is served, or is no longer wanted. */
    Optional<Deploy> remove(ActorRef<DataMessage> gateway) {
        return Optional.ofNullable(waiting.remove(gateway));
    }

    /** Takes all out. */
    List<Deploy> removeAll() {
        List<Deploy> all = List.copyOf(waiting.values());
        waiting.clear();
        return all;
    }
}
