package dev.tandem.deploy.tensor;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A tensor or picture file that cannot be used; the message names the file, what is wrong and what was expected. */
public final class TensorFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TensorFileException(Path file, String problem) {
        this(file, problem, null);
    }

    TensorFileException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
