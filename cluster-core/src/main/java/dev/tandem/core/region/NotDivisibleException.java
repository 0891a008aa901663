package dev.tandem.core.region;

/** The expected "no" to a division: a segment, or one of its operators, cannot be computed in parts with equal results. */
public final class NotDivisibleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotDivisibleException(String reason) {
        super(reason);
    }
}
