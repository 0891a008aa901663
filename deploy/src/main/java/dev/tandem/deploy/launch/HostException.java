package dev.tandem.deploy.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A host that cannot be reached or refuses; the message says why and what to try. */
final class HostException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Not serialised: exceptions stay in the process. */
    private final transient List<String> log;

    HostException(String message) {
        this(message, List.of(), null);
    }

    HostException(String message, List<String> log, @Nullable Throwable cause) {
        super(message, cause);
        this.log = List.copyOf(log);
    }

    /** The end of the member's log, where it says more. */
    List<String> log() {
        return log;
    }
}
