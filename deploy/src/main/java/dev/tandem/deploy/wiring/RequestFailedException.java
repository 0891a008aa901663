package dev.tandem.deploy.wiring;

import dev.tandem.actors.protocol.ErrorCode;

/**
 * A request was answered without outputs; the message says why. Has no stack trace: where a gateway is overloaded there are
 * thousands a second.
 */
public final class RequestFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    RequestFailedException(ErrorCode code, String reason) {
        super("request failed (" + code + "): " + reason, null, true, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
