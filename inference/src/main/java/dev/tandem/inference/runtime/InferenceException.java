package dev.tandem.inference.runtime;

/** ONNX Runtime failed in the middle of its work: not the caller's mistake and not to be expected. */
public final class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
