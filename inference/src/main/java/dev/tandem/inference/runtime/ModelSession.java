package dev.tandem.inference.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.runtime.ModelLoadException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A model that is open in ONNX Runtime, run into buffers of the caller.
 *
 * <p>Open and run it on the thread of its core group, see {@link CoreGroupThread}: the calling thread computes too.
 * Several threads may run it at once, with different buffers, but share its intra-op threads. Close waits for the runs in
 * progress; every later call throws {@link IllegalStateException}.
 */
public final class ModelSession implements AutoCloseable {
    private final Path model;
    private final SessionSettings settings;
    private final SessionOptions options;
    private final OrtSession session;
    private final Map<String, Port> inputs;
    private final Map<String, Port> outputs;
    /** Runs share it, close has it alone. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    private ModelSession(Path model, SessionSettings settings, SessionOptions options, OrtSession session)
            throws OrtException {
        this.model = model;
        this.settings = settings;
        this.options = options;
        this.session = session;
        this.inputs = ports(session.getInputInfo().values());
        this.outputs = ports(session.getOutputInfo().values());
        requireFixedInputs(session);
    }

    /**
     * Opens a model by path, so that external weights are mapped and not copied.
     *
     * @throws ModelLoadException if the file is no model that this runtime can run, or has inputs of unknown shape
     * @throws ProviderException if the provider of the settings cannot be used
     */
    public static ModelSession open(Path model, SessionSettings settings) {
        if (!Files.isRegularFile(model) || !Files.isReadable(model)) {
            throw new ModelLoadException(model, Reason.UNREADABLE, "it must be a file that can be read.", null);
        }
        // First of all: options, too, would load the native library, and from wherever the binding unpacks it.
        OnnxRuntime.environment();
        OpenParts parts = new OpenParts();
        try {
            parts.options = NativeOptions.of(settings);
            parts.session = NativeSessions.open(model, parts.options);
            ModelSession opened = new ModelSession(model, settings, parts.options, parts.session);
            NativeHeap.trim();
            return opened;
        } catch (OrtException e) {
            parts.close(e);
            throw ModelLoadException.of(model, settings.provider(), e);
        } catch (RuntimeException e) {
            parts.close(e);
            throw e;
        }
    }

    /** Inputs in the model's order. */
    public List<TensorSpec> inputs() {
        return inputs.values().stream().map(Port::spec).toList();
    }

    /**
     * Outputs in the model's order.
     *
     * @throws IllegalStateException if the shape of one is known only after a run
     */
    public List<TensorSpec> outputs() {
        return outputs.values().stream().map(Port::spec).toList();
    }

    /**
     * Runs the model once from the given inputs into the given outputs, by name. Outputs that are not given are not
     * computed unless others need them.
     *
     * @throws IllegalArgumentException if a tensor is missing, unknown, or of the wrong type or shape
     * @throws IllegalStateException after close of the session or of a buffer
     * @throws InferenceException if an operator fails
     */
    public void run(Map<String, TensorBuffer> given, Map<String, TensorBuffer> results) {
        whileOpen(() -> {
            requireInputs(given);
            requireFit("output", outputs, results);
            try (HeldTensors in = HeldTensors.of(given);
                    HeldTensors out = HeldTensors.of(results);
                    OrtSession.Result result = session.run(in.tensors(), out.tensors())) {
                assert result.size() == results.size();
                return result.size();
            }
        });
    }

    /**
     * Runs the model once and returns all outputs in new buffers, which the caller owns. For occasional runs: each one
     * allocates and copies.
     *
     * @throws IllegalArgumentException if a tensor is missing, unknown, or of the wrong type or shape
     * @throws IllegalStateException after close of the session or of a buffer
     * @throws InferenceException if an operator fails
     */
    public Map<String, TensorBuffer> run(Map<String, TensorBuffer> given) {
        return whileOpen(() -> {
            requireInputs(given);
            try (HeldTensors in = HeldTensors.of(given);
                    OrtSession.Result result = session.run(in.tensors())) {
                return copies(result);
            }
        });
    }

    /**
     * Ends profiling and returns the file with the times of all operators so far.
     *
     * @throws IllegalStateException after close or if the session does not profile
     */
    public Path endProfiling() {
        if (settings.profileOutput().isEmpty()) {
            throw new IllegalStateException(
                    "session of " + model + " does not profile. Maybe open it with a profile output.");
        }
        return whileOpen(() -> Path.of(session.endProfiling()));
    }

    /** Waits for runs in progress and frees the model's native memory; later calls have no effect. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeNative();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    private void closeNative() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new InferenceException("session of " + model + " cannot be closed: " + e.getMessage(), e);
        } finally {
            options.close();
            NativeHeap.trim();
        }
    }

    private <T> T whileOpen(NativeCall<T> call) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("session of " + model + " is closed and can no longer be used.");
            }
            return call.run();
        } catch (OrtException e) {
            throw new InferenceException("model " + model + " failed: " + e.getMessage(), e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private Map<String, Port> ports(Collection<NodeInfo> nodes) {
        Map<String, Port> ports = new LinkedHashMap<>();
        nodes.forEach(node -> ports.put(node.getName(), Port.of(model, node)));
        return ports;
    }

    private void requireFixedInputs(OrtSession opened) throws OrtException {
        for (Map.Entry<String, NodeInfo> input : opened.getInputInfo().entrySet()) {
            if (input.getValue().getInfo() instanceof TensorInfo tensor
                    && Arrays.stream(tensor.getShape()).anyMatch(extent -> extent < 0)) {
                throw new ModelLoadException(
                        model,
                        Reason.DYNAMIC_SHAPE,
                        "shape " + Arrays.toString(tensor.getShape()) + " of input '" + input.getKey()
                                + "' must be fixed; -1 stands for dimension "
                                + Arrays.toString(tensor.getDimensionNames()) + ".",
                        null);
            }
        }
    }

    private void requireInputs(Map<String, TensorBuffer> given) {
        requireFit("input", inputs, given);
        for (String name : inputs.keySet()) {
            if (!given.containsKey(name)) {
                throw new IllegalArgumentException("inputs " + given.keySet() + " must hold '" + name
                        + "'; the model takes " + inputs.keySet() + ".");
            }
        }
    }

    private static void requireFit(String role, Map<String, Port> ports, Map<String, TensorBuffer> given) {
        given.forEach((name, buffer) -> {
            Port port = ports.get(name);
            if (port == null) {
                throw new IllegalArgumentException(
                        role + " '" + name + "' must be one of the model's: " + ports.keySet() + ".");
            }
            port.requireFits(role, buffer.spec());
        });
    }

    private static Map<String, TensorBuffer> copies(OrtSession.Result result) {
        Map<String, TensorBuffer> copies = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, OnnxValue> entry : result) {
                copies.put(entry.getKey(), TensorBuffer.copyOf(entry.getKey(), (OnnxTensor) entry.getValue()));
            }
            return copies;
        } catch (RuntimeException e) {
            copies.values().forEach(TensorBuffer::close);
            throw e;
        }
    }

    /** Work on the native session; whoever runs it holds the lock. */
    private interface NativeCall<T> {
        T run() throws OrtException;
    }

    /** What has been opened before an opening failed. */
    private static final class OpenParts {
        private @Nullable SessionOptions options;
        private @Nullable OrtSession session;

        void close(Exception reason) {
            try {
                if (session != null) {
                    session.close();
                }
            } catch (OrtException e) {
                reason.addSuppressed(e);
            }
            if (options != null) {
                options.close();
            }
        }
    }
}
