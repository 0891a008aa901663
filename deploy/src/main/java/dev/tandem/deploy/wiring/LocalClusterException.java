package dev.tandem.deploy.wiring;

import org.jspecify.annotations.Nullable;

/** A local cluster that cannot be started or has lost a member; the message ends with the tail of the member's log. */
public final class LocalClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalClusterException(String message) {
        this(message, null);
    }

    LocalClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
