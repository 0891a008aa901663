package dev.tandem.actors.protocol;

import java.util.UUID;

/**
 * Names one request of one client. It stays the same when the request is submitted again, so that a second reply to it
 * can be told and dropped.
 */
public record RequestId(long most, long least) {

    public static RequestId random() {
        UUID id = UUID.randomUUID();
        return new RequestId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return new UUID(most, least).toString();
    }
}
