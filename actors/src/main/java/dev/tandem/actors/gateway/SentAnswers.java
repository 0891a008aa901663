package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.DataMessage;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The answers of a port whose outputs their clients may not have yet: until then the transport's queue holds them. Used by the
 * port's thread only.
 */
final class SentAnswers {

    private record Sent(ActorRef<DataMessage> client, int attempt, long bytes, long deadlineEpochMillis) {}

    private final Map<RequestId, Sent> sent = new HashMap<>();
    private long bytes;

    /** Bytes of all outputs. */
    long bytes() {
        return bytes;
    }

    /** The outputs of a request are on their way. */
    void add(OpenRequest request, long outputBytes) {
        forget(request.id());
        sent.put(
                request.id(),
                new Sent(request.ask().replyTo(), request.ask().attempt(), outputBytes, request.deadlineEpochMillis()));
        bytes += outputBytes;
    }

    /** The client has the outputs of that attempt. */
    void received(RequestId request, int attempt) {
        Sent answer = sent.get(request);
        if (answer != null && answer.attempt() == attempt) {
            forget(request);
        }
    }

    /** The client has asked again: it waits no longer for these outputs. */
    void forget(RequestId request) {
        Sent forgotten = sent.remove(request);
        if (forgotten != null) {
            bytes -= forgotten.bytes();
        }
    }

    /** The client is gone. */
    void forgetAllOf(ActorRef<DataMessage> client) {
        forgetIf(answer -> answer.client().equals(client));
    }

    /** Nobody waits any longer for outputs whose deadline has passed, and not every client says that it has them. */
    void forgetLate(long nowEpochMillis) {
        forgetIf(answer -> nowEpochMillis > answer.deadlineEpochMillis());
    }

    private void forgetIf(Predicate<Sent> isForgotten) {
        for (Iterator<Sent> answers = sent.values().iterator(); answers.hasNext(); ) {
            Sent answer = answers.next();
            if (isForgotten.test(answer)) {
                bytes -= answer.bytes();
                answers.remove();
            }
        }
    }
}
