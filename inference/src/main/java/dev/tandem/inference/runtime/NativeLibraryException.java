package dev.tandem.inference.runtime;

import org.jspecify.annotations.Nullable;

/** ONNX Runtime's native library could not be unpacked or loaded on this machine; nothing can run here. */
public final class NativeLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NativeLibraryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
