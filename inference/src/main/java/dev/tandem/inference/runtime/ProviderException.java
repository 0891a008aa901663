package dev.tandem.inference.runtime;

/** An execution provider cannot be used; the message names it and says what ONNX Runtime said. */
public final class ProviderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProviderException(ProviderChoice choice, String reason, Throwable cause) {
        super("execution provider " + choice + " cannot be used: " + reason, cause);
    }
}
