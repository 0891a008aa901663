package dev.tandem.actors.client;

import java.time.Duration;

/**
 * How a request is to be treated.
 *
 * @param deadline from the call to the answer; a request that takes longer fails
 * @param onAccepted run when a gateway has the whole request, before the answer; again when it had to be sent again. Runs on
 *     the client's thread and must not block; what it throws is logged, and the request goes on.
 */
public record InferOptions(Duration deadline, Runnable onAccepted) {

    private static final InferOptions DEFAULTS = new InferOptions(Duration.ofSeconds(30), () -> {});

    public InferOptions {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline (" + deadline + ") must be above 0.");
        }
    }

    /** 30 seconds, and nobody hears of the acknowledgement. */
    public static InferOptions defaults() {
        return DEFAULTS;
    }

    public InferOptions withDeadline(Duration other) {
        return new InferOptions(other, onAccepted);
    }

    public InferOptions withOnAccepted(Runnable other) {
        return new InferOptions(deadline, other);
    }
}
