package dev.tandem.deploy.cli;

import dev.tandem.deploy.tensor.TensorFileException;
import java.util.Map;

/** Exit codes of the exceptions by which other rooms say an expected "no". Whatever is not listed is a runtime error. */
final class KnownFailures {

    private static final Map<Class<? extends Throwable>, ExitCode> CODES =
            Map.of(TensorFileException.class, ExitCode.USAGE, IllegalArgumentException.class, ExitCode.USAGE);

    private KnownFailures() {}

    static ExitCode exitCode(Throwable failure) {
        return CODES.getOrDefault(failure.getClass(), ExitCode.RUNTIME_ERROR);
    }
}
