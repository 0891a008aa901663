package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's one ONNX Runtime environment, created at first use. It has no thread pool of its own: each session's
 * pool is sized and pinned for its core group.
 */
public final class OnnxRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxRuntime.class);
    private static final String TELEMETRY_VARIABLE = "ORT_DISABLE_TELEMETRY";

    private static @Nullable OrtEnvironment environment;

    private OnnxRuntime() {}

    /**
     * The environment; the first call unpacks and loads the native library. Owned by the process: never close it.
     *
     * @throws NativeLibraryException if the library cannot be unpacked or loaded
     */
    public static synchronized OrtEnvironment environment() {
        OrtEnvironment existing = environment;
        if (existing != null) {
            return existing;
        }
        OrtEnvironment created = create(NativeLibrary.prepare());
        environment = created;
        return created;
    }

    /** Version of the ONNX Runtime that is bundled, for example {@code 1.28.0}; does not load it. */
    public static String version() {
        return NativeLibrary.version();
    }

    /** Artifact and version of the ONNX Runtime that will be loaded, for example {@code onnxruntime_gpu 1.28.0}; does not load it. */
    public static String build() {
        return NativeLibrary.build();
    }

    private static OrtEnvironment create(Path folder) {
        if (!"1".equals(System.getenv(TELEMETRY_VARIABLE))) {
            LOG.warn(
                    "environment variable {} is not 1: ONNX Runtime may send usage data before it can be told not to.",
                    TELEMETRY_VARIABLE);
        }
        NativeHeap.mapLargeBlocks();
        try {
            OrtEnvironment created = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "tandem");
            created.setTelemetry(false);
            keepUntilExit();
            NativeSessions.closeAtExit();
            deleteEmptyTemporaryDirectory();
            return created;
        } catch (OrtException | LinkageError e) {
            throw new NativeLibraryException(
                    "ONNX Runtime's library folder (" + folder + ") must hold libraries of version " + version()
                            + " that this machine can load: " + rootMessage(e)
                            + ". Maybe the folder is mounted noexec or the system's C library is too old.",
                    e);
        }
    }

    /**
     * The binding frees the environment in a shutdown hook, beside all other hooks and while threads compute, which
     * crashes. The native environment counts its references, and this one is never given back, so that it outlives them.
     */
    private static void keepUntilExit() {
        try {
            Class<?> binding = Class.forName("ai.onnxruntime.OnnxRuntime");
            Field api = binding.getDeclaredField("ortApiHandle");
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            int level = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue();
            Object handle = create.invoke(null, api.getLong(null), level, "tandem");
            LOG.debug("native environment {} is kept until exit", handle);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("ONNX Runtime's environment is freed by the first shutdown hook", e);
        }
    }

    /**
     * The binding makes a temporary directory even when nothing is to be unpacked, and removes it only at an orderly
     * exit, so a node that is killed would leave one behind. It names the directory nowhere but in a private field;
     * where that is out of reach the binding's own removal remains.
     */
    private static void deleteEmptyTemporaryDirectory() {
        try {
            Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            field.setAccessible(true);
            if (field.get(null) instanceof Path directory) {
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("ONNX Runtime unpacked something of its own into {}", e.getFile());
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            LOG.debug("ONNX Runtime's temporary directory stays until exit", e);
        }
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return String.valueOf(root.getMessage());
    }
}
