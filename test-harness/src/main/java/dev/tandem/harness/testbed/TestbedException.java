package dev.tandem.harness.testbed;

/** A network or a machine could not be made, changed or removed: rights or tools are missing, or a tool said no. */
public final class TestbedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TestbedException(String message) {
        super(message);
    }

    TestbedException(String message, Throwable cause) {
        super(message, cause);
    }
}
