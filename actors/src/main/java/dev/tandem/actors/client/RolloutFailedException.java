package dev.tandem.actors.client;

/** A plan was made but could not be put in place, or broke when it was. The message says why. */
public final class RolloutFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RolloutFailedException(String reason) {
        super(reason);
    }
}
