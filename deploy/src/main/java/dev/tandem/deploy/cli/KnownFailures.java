package dev.tandem.deploy.cli;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.config.SettingsException;
import dev.tandem.deploy.tensor.TensorFileException;
import dev.tandem.inference.onnx.ModelRefusedException;
import dev.tandem.inference.runtime.ModelLoadException;
import java.util.Map;

/** Exit codes of the exceptions by which other rooms say an expected "no". Whatever is not listed is a runtime error. */
final class KnownFailures {

    private static final Map<Class<? extends Throwable>, ExitCode> CODES = Map.of(
            TensorFileException.class, ExitCode.USAGE,
            SettingsException.class, ExitCode.USAGE,
            IllegalArgumentException.class, ExitCode.USAGE,
            ModelRefusedException.class, ExitCode.REFUSED,
            ModelLoadException.class, ExitCode.REFUSED,
            PlanRefusedException.class, ExitCode.REFUSED);

    private KnownFailures() {}

    static ExitCode exitCode(Throwable failure) {
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            ExitCode code = CODES.get(type);
            if (code != null) {
                return code;
            }
        }
        return ExitCode.RUNTIME_ERROR;
    }
}
