package dev.tandem.actors.node;

/** What went wrong in a future, in words. */
public final class FailureText {

    private FailureText() {}

    /** The message of the failure, without the wrapping of the future that it happened in. */
    public static String of(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage());
    }
}
