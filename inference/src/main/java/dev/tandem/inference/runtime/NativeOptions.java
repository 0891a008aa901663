package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Session settings as ONNX Runtime takes them. */
final class NativeOptions {
    private static final String ALLOW_SPINNING = "session.intra_op.allow_spinning";
    private static final String THREAD_AFFINITIES = "session.intra_op_thread_affinities";
    private static final String DISABLE_PREPACKING = "session.disable_prepacking";
    /** Longest value that every release of ONNX Runtime accepts for a config entry. */
    private static final int MAX_ENTRY_LENGTH = 1024;

    private NativeOptions() {}

    /**
     * New options, owned by the caller.
     *
     * @throws ProviderException when their provider cannot be used
     */
    static SessionOptions of(SessionSettings settings) throws OrtException {
        SessionOptions options = new SessionOptions();
        try {
            apply(settings, options);
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    private static void apply(SessionSettings settings, SessionOptions options) throws OrtException {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.setInterOpNumThreads(1);
        options.setIntraOpNumThreads(settings.threads());
        options.setOptimizationLevel(optimizationLevel(settings));
        options.setCPUArenaAllocator(settings.arena());
        options.setMemoryPatternOptimization(true);
        if (settings.profileOutput().isPresent()) {
            options.enableProfiling(absolute(settings.profileOutput().get()));
        }
        if (settings.saveOptimizedTo().isPresent()) {
            options.setOptimizedModelFilePath(
                    absolute(settings.saveOptimizedTo().get()));
        }
        for (Map.Entry<String, String> entry : entries(settings).entrySet()) {
            options.addConfigEntry(entry.getKey(), entry.getValue());
        }
        NativeProviders.add(settings, options);
    }

    static Map<String, String> entries(SessionSettings settings) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(ALLOW_SPINNING, settings.spinning() ? "1" : "0");
        entries.put(
                DISABLE_PREPACKING,
                switch (settings.prepack()) {
                    case AUTO, ON -> "0";
                    case OFF -> "1";
                });
        if (settings.pin() && settings.threads() > 1) {
            List<Integer> usable = CpuTopology.usable(settings.cpus());
            if (!usable.isEmpty()) {
                entries.put(THREAD_AFFINITIES, affinities(usable, settings.threads()));
            }
        }
        entries.putAll(settings.configEntries());
        return entries;
    }

    /**
     * One entry for each thread but the calling one, over processors that are numbered from 1. Each thread may use the
     * whole group, so that it can step aside within it; only if that is too long to say, each gets one CPU.
     */
    static String affinities(List<Integer> cpus, int threads) {
        List<Integer> ascending = cpus.stream().sorted().toList();
        String group = CpuList.isContiguous(ascending) && ascending.size() > 1
                ? (ascending.get(0) + 1) + "-" + (ascending.get(ascending.size() - 1) + 1)
                : ascending.stream().map(cpu -> String.valueOf(cpu + 1)).collect(Collectors.joining(","));
        String shared = String.join(";", Collections.nCopies(threads - 1, group));
        if (shared.length() <= MAX_ENTRY_LENGTH) {
            return shared;
        }
        return IntStream.range(1, threads)
                .mapToObj(thread -> String.valueOf(ascending.get(thread % ascending.size()) + 1))
                .collect(Collectors.joining(";"));
    }

    private static OptLevel optimizationLevel(SessionSettings settings) {
        return switch (settings.optimization()) {
            case DISABLED -> OptLevel.NO_OPT;
            case BASIC -> OptLevel.BASIC_OPT;
            case EXTENDED -> OptLevel.EXTENDED_OPT;
            case ALL -> OptLevel.ALL_OPT;
        };
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().toString();
    }
}
