package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.RequestId;

/**
 * What every piece of a request carries along.
 *
 * @param sequence number of the request in its lane: 0, 1, 2, ...
 * @param deadlineEpochMillis when nobody waits for the answer any more, in milliseconds since 1970 by this
 *     node's clock
 */
public record RequestStamp(RequestId request, long sequence, long deadlineEpochMillis) {

    public boolean isExpired(long nowEpochMillis) {
        return nowEpochMillis > deadlineEpochMillis;
    }
}
