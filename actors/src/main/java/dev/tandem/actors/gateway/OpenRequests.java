package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.DataMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The requests at a port that have not been answered yet, and what they hold. Used by the port's thread only. */
final class OpenRequests {

    private final Map<RequestId, OpenRequest> open = new HashMap<>();
    private final Map<ActorRef<DataMessage>, Integer> countByGateway = new HashMap<>();
    private long bytes;

    @Nullable OpenRequest get(RequestId request) {
        return open.get(request);
    }

    /** Bytes of all inputs. */
    long bytes() {
        return bytes;
    }

    /** How many are of that gateway's model. */
    int count(ActorRef<DataMessage> gateway) {
        return countByGateway.getOrDefault(gateway, 0);
    }

    List<OpenRequest> of(ActorRef<DataMessage> gateway) {
        return open.values().stream()
                .filter(request -> request.gateway().equals(gateway))
                .toList();
    }

    /** Takes a request, in place of an earlier attempt of it if there is one. */
    void put(OpenRequest request) {
        close(request.id());
        open.put(request.id(), request);
        countByGateway.merge(request.gateway(), 1, Integer::sum);
        bytes += request.bytes();
    }

    /** Whether the request was there. */
    boolean close(RequestId request) {
        OpenRequest closed = open.remove(request);
        if (closed == null) {
            return false;
        }
        countByGateway.computeIfPresent(closed.gateway(), (gateway, count) -> count == 1 ? null : count - 1);
        bytes -= closed.bytes();
        return true;
    }

    /** Those whose inputs are not whole, and will not be in time. */
    List<OpenRequest> incompleteAfter(long nowEpochMillis) {
        return open.values().stream()
                .filter(request -> !request.inputs().isComplete() && request.isExpired(nowEpochMillis))
                .toList();
    }
}
