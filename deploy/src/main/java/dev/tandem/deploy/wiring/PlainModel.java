package dev.tandem.deploy.wiring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.NativeSessions;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The yardstick for speed: the model file as it came, in plain ONNX Runtime with its default settings, on a thread that is
 * pinned as a member's. Inputs lie ready in native memory and outputs are not read, so that nothing but the model is
 * measured.
 */
public final class PlainModel implements AutoCloseable {

    private final CoreGroupExecutor thread;
    private final Native opened;

    private PlainModel(CoreGroupExecutor thread, Native opened) {
        this.thread = thread;
        this.opened = opened;
    }

    /**
     * Opens a model.
     *
     * @param cpus that its threads are held to
     * @param threads of one inference, at most as many as CPUs
     * @param sample the inputs of every inference, by name
     */
    public static PlainModel open(Path file, List<Integer> cpus, int threads, Map<String, TensorValue> sample) {
        // Threads of the runtime's own inherit the CPUs of the thread that opens the session.
        CoreGroupExecutor thread = new CoreGroupExecutor(new CoreGroupSpec("plain", cpus, threads, true));
        try {
            Native opened =
                    thread.submit(() -> Native.open(file, threads, sample)).join();
            return new PlainModel(thread, opened);
        } catch (RuntimeException e) {
            thread.close();
            throw e;
        }
    }

    /** Runs the model once; only on its own thread, see {@link #submit}. */
    public void infer() {
        opened.infer();
    }

    /** Has something done on the thread of the model, after what was submitted before. */
    public <T> CompletableFuture<T> submit(Callable<T> task) {
        return thread.submit(task);
    }

    /** Waits for what was submitted. */
    @Override
    public void close() {
        try {
            thread.submit(() -> {
                        opened.close();
                        return true;
                    })
                    .join();
        } finally {
            thread.close();
        }
    }

    /** What lies outside the heap. */
    private static final class Native implements AutoCloseable {
        private final Path file;
        private final SessionOptions options = new SessionOptions();
        private final Map<String, OnnxTensor> inputs = new HashMap<>();
        private @Nullable OrtSession session;

        private Native(Path file) {
            this.file = file;
        }

        static Native open(Path file, int threads, Map<String, TensorValue> sample) {
            // First of all: options, too, would load the native library.
            OnnxRuntime.environment();
            Native opened = new Native(file);
            try {
                opened.options.setIntraOpNumThreads(threads);
                opened.options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
                for (Map.Entry<String, TensorValue> input : sample.entrySet()) {
                    opened.inputs.put(input.getKey(), UnsplitModel.tensor(input.getValue()));
                }
                opened.session = NativeSessions.open(file, opened.options);
                return opened;
            } catch (OrtException e) {
                opened.close();
                throw opened.failure(e);
            }
        }

        void infer() {
            if (session == null) {
                throw new IllegalStateException("plain model " + file + " is closed and can no longer be used.");
            }
            try (OrtSession.Result result = session.run(inputs)) {
                assert result.size() > 0;
            } catch (OrtException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            try {
                if (session != null) {
                    session.close();
                }
            } catch (OrtException e) {
                throw failure(e);
            } finally {
                session = null;
                options.close();
            }
        }

        private IllegalStateException failure(OrtException cause) {
            return new IllegalStateException("plain model " + file + " failed: " + cause.getMessage(), cause);
        }
    }
}
