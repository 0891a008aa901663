package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorTransfer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A request at a port that has not been answered yet.
 *
 * @param gateway of its model
 * @param bytes that its inputs take
 * @param isCut whether its client would wait for longer than the port grants
 */
record OpenRequest(
        Ask ask,
        ActorRef<DataMessage> gateway,
        TensorTransfer inputs,
        long bytes,
        long deadlineEpochMillis,
        boolean isCut) {

    RequestId id() {
        return ask.request();
    }

    /** The same as another attempt. */
    OpenRequest askedBy(Ask other) {
        return new OpenRequest(other, gateway, inputs, bytes, deadlineEpochMillis, isCut);
    }

    /** The same with that deadline, unless it has an earlier one. */
    OpenRequest dueBy(long otherDeadlineEpochMillis) {
        long earlier = Math.min(deadlineEpochMillis, otherDeadlineEpochMillis);
        return new OpenRequest(ask, gateway, inputs, bytes, earlier, isCut);
    }

    boolean isExpired(long nowEpochMillis) {
        return nowEpochMillis > deadlineEpochMillis;
    }
}
