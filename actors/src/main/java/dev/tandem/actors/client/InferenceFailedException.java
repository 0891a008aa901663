package dev.tandem.actors.client;

import dev.tandem.actors.protocol.ErrorCode;

/**
 * A request was not answered with outputs. Has no stack trace: where a gateway is overloaded there are thousands a second, and
 * none would say more than the reason does.
 */
public final class InferenceFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    InferenceFailedException(ErrorCode code, String reason) {
        super(reason, null, true, false);
        this.code = code;
    }

    /** Tells what to do: mend the request, ask again later, or give up. */
    public ErrorCode code() {
        return code;
    }
}
