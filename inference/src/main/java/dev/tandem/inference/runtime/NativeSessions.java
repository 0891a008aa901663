package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens native sessions, and none while the process ends: at its exit ONNX Runtime takes down the tables that an opening
 * reads, whatever other threads are at, and that would end the process by a crash. May be used by any thread.
 */
public final class NativeSessions {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSessions.class);

    /** How long an exit may be held up; a process has two seconds to end. */
    private static final Duration EXIT_WAIT = Duration.ofMillis(1500);

    /** Openings share it, the end of the process takes it for good. */
    private static final ReentrantReadWriteLock OPENINGS = new ReentrantReadWriteLock();

    private static volatile boolean ending;

    private NativeSessions() {}

    /**
     * Opens a model file; the caller closes the session, and owns the options.
     *
     * @throws OrtException if the runtime refuses the model
     * @throws IllegalStateException if the process is ending
     */
    public static OrtSession open(Path model, SessionOptions options) throws OrtException {
        return opening(() ->
                OnnxRuntime.environment().createSession(model.toAbsolutePath().toString(), options));
    }

    /**
     * Opens a model file as a member would; the caller closes the session.
     *
     * @throws OrtException if the runtime refuses the model or the settings
     * @throws IllegalStateException if the process is ending
     */
    public static OrtSession open(Path model, SessionSettings settings) throws OrtException {
        try (SessionOptions options = NativeOptions.of(settings)) {
            return open(model, options);
        }
    }

    /** As {@link #open(Path, SessionOptions)}, a model in memory. */
    public static OrtSession open(byte[] model, SessionOptions options) throws OrtException {
        return opening(() -> OnnxRuntime.environment().createSession(model, options));
    }

    static void closeAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(NativeSessions::end, "native-sessions-shutdown"));
    }

    private static OrtSession opening(Opening opening) throws OrtException {
        if (ending || !OPENINGS.readLock().tryLock()) {
            throw new IllegalStateException("no model can be opened any more: this process is ending.");
        }
        try {
            return opening.run();
        } finally {
            OPENINGS.readLock().unlock();
        }
    }

    private static void end() {
        ending = true;
        try {
            if (!OPENINGS.writeLock().tryLock(EXIT_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("a model is still being opened; the process ends nevertheless");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Opening {
        OrtSession run() throws OrtException;
    }
}
