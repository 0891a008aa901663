package dev.tandem.inference.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.inference.runtime.NativeSessions;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.nio.file.Path;

/** Short-lived sessions for folding, reading shapes and measuring; serving sessions are made elsewhere. */
public final class RuntimeSessions {

    private RuntimeSessions() {}

    /** The process's one environment; never close it. */
    public static OrtEnvironment environment() {
        return OnnxRuntime.environment();
    }

    /** Options of a session with so many threads that do not spin; the caller closes them. */
    public static SessionOptions options(OptLevel level, int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setOptimizationLevel(level);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /** A session on a model file; the caller closes it. */
    public static OrtSession open(Path model, OptLevel level, int threads) throws OrtException {
        try (SessionOptions options = options(level, threads)) {
            return NativeSessions.open(model, options);
        }
    }
}
