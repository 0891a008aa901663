package dev.tandem.actors.node;

import org.jspecify.annotations.Nullable;

/** A member could not start or join. The message says what to do about it. */
public final class MemberStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MemberStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
