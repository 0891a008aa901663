package dev.tandem.actors.client;

import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorTransfer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Gives a client's requests to gateways: as many at a time as there is room for on the way to each, the others of its model
 * wait here in their order. What lies in the transport's queue can neither go elsewhere nor be taken back, and what a gateway
 * says waits behind it. Used by the client's thread only.
 */
final class ClientOutbox {

    private final KnownGateways gateways;
    private final int frameBytes;
    private final ActorRef<DataMessage> client;
    private final Map<String, Set<Submission>> waiting = new LinkedHashMap<>();

    ClientOutbox(KnownGateways gateways, int frameBytes, ActorRef<DataMessage> client) {
        this.gateways = gateways;
        this.frameBytes = frameBytes;
        this.client = client;
    }

    /** Sends a request to a gateway that serves its model, now or when there is room; false where there is none. */
    boolean offer(Submission submission) {
        Optional<ActorRef<DataMessage>> gateway = choose(submission);
        boolean mustWait = !waiting.getOrDefault(submission.model(), Set.of()).isEmpty();
        gateway.ifPresent(chosen -> {
            if (mustWait || !hasRoom(chosen, submission)) {
                waiting.computeIfAbsent(submission.model(), model -> new LinkedHashSet<>())
                        .add(submission);
            } else {
                send(submission, chosen);
            }
        });
        return gateway.isPresent();
    }

    private Optional<ActorRef<DataMessage>> choose(Submission submission) {
        return gateways.choose(submission.model(), submission.tried(), submission.inputBytes());
    }

    private boolean hasRoom(ActorRef<DataMessage> gateway, Submission submission) {
        return gateways.hasRoom(gateway, submission.inputBytes());
    }

    /** Whether a request waits for room. */
    boolean holds(Submission submission) {
        return waiting.getOrDefault(submission.model(), Set.of()).contains(submission);
    }

    /**
     * Sends what waits, as far as there is room.
     *
     * @return what no gateway serves any more; it waits here no longer
     */
    List<Submission> sendWaiting() {
        List<Submission> unserved = new ArrayList<>();
        waiting.values().forEach(line -> sendFirst(line, unserved));
        waiting.values().removeIf(Set::isEmpty);
        return unserved;
    }

    private void sendFirst(Set<Submission> line, List<Submission> unserved) {
        for (Iterator<Submission> next = line.iterator(); next.hasNext(); ) {
            Submission submission = next.next();
            Optional<ActorRef<DataMessage>> gateway = choose(submission);
            if (gateway.isPresent() && !hasRoom(gateway.get(), submission)) {
                return;
            }
            next.remove();
            gateway.ifPresentOrElse(chosen -> send(submission, chosen), () -> unserved.add(submission));
        }
    }

    /** Sends a request at once, as another attempt. */
    void send(Submission submission, ActorRef<DataMessage> gateway) {
        submission.sendTo(gateway, gateways.node(gateway));
        gateways.sentTo(gateway, submission.inputBytes());
        long millisLeft = submission.millisLeft();
        gateway.tell(new Ask(
                submission.request(),
                submission.attempt(),
                submission.model(),
                millisLeft,
                submission.inputs().stream().map(Tensor::spec).toList(),
                client));
        TensorTransfer.frames(
                        submission.request(),
                        submission.attempt(),
                        submission.inputs(),
                        System.currentTimeMillis() + millisLeft,
                        frameBytes)
                .forEach(gateway::tell);
    }

    /** A request is not on its way any more: its gateway has it, or never will. */
    void arrived(Submission submission) {
        ActorRef<DataMessage> gateway = submission.gateway();
        if (gateway != null && submission.isUnderWay()) {
            gateways.arrivedAt(gateway, submission.inputBytes());
        }
        submission.arrived();
    }

    /** All outputs are here: the gateway may have room for others. */
    void confirm(Submission submission) {
        ActorRef<DataMessage> gateway = submission.lastGateway();
        if (gateway != null) {
            gateway.tell(new Received(submission.request(), submission.attempt()));
        }
    }

    /** A request is not to be answered by the gateway that has it, nor to be sent. */
    void release(Submission submission) {
        arrived(submission);
        ActorRef<DataMessage> gateway = submission.gateway();
        if (gateway != null) {
            gateways.endedAt(gateway);
        }
        Set<Submission> line = waiting.get(submission.model());
        if (line != null) {
            line.remove(submission);
        }
    }
}
