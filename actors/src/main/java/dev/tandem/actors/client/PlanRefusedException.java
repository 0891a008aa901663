package dev.tandem.actors.client;

/** The model, the scheme or the cluster does not allow a plan; nothing was changed. The message says why. */
public final class PlanRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PlanRefusedException(String reason) {
        super(reason);
    }
}
