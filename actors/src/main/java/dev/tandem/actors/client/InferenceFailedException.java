package dev.tandem.actors.client;

import dev.tandem.actors.protocol.ErrorCode;

/** A request was not answered with outputs. */
public final class InferenceFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    InferenceFailedException(ErrorCode code, String reason) {
        super(reason);
        this.code = code;
    }

    /** Tells what to do: mend the request, ask again later, or give up. */
    public ErrorCode code() {
        return code;
    }
}
