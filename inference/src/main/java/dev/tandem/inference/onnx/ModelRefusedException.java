package dev.tandem.inference.onnx;

import org.jspecify.annotations.Nullable;

/**
 * A model that cannot be used as it is: an expected "no" that the command line answers with exit code 4. The message
 * names what was wrong, the value, what was expected and what to try.
 */
public final class ModelRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelRefusedException(String message) {
        this(message, null);
    }

    public ModelRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
