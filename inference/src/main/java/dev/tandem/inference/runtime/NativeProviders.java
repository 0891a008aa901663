package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Execution providers as ONNX Runtime's session options take them. */
final class NativeProviders {
    private static final String XNNPACK_THREADS = "intra_op_num_threads";

    private NativeProviders() {}

    /**
     * Puts the provider of the settings before the CPU's, which ONNX Runtime adds itself.
     *
     * @throws ProviderException when it, or what it needs on this machine, is not there
     */
    static void add(SessionSettings settings, SessionOptions options) {
        ProviderChoice choice = settings.provider();
        try {
            switch (choice.provider()) {
                case CPU -> {}
                case CUDA -> addCuda(choice.options(), options);
                case TENSORRT -> addTensorRt(choice.options(), options);
                case COREML -> options.addCoreML(choice.options());
                case XNNPACK -> options.addXnnpack(withThreads(choice.options(), settings.threads()));
                case QNN -> options.addQnn(choice.options());
            }
        } catch (OrtException | LinkageError e) {
            throw new ProviderException(choice, reason(e), e);
        }
    }

    /** What the runtime said, in one line that can be continued. */
    static String reason(Throwable error) {
        return String.valueOf(error.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(error.toString());
    }

    private static void addCuda(Map<String, String> given, SessionOptions options) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device(given))) {
            addAll(given, cuda::add);
            options.addCUDA(cuda);
        }
    }

    /** CUDA comes second, as TensorRT leaves operators out that would otherwise go to CPUs. */
    private static void addTensorRt(Map<String, String> given, SessionOptions options) throws OrtException {
        try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(device(given))) {
            addAll(given, tensorRt::add);
            options.addTensorrt(tensorRt);
        }
        options.addCUDA(device(given));
    }

    private static int device(Map<String, String> given) {
        return Integer.parseInt(given.getOrDefault(ProviderChoice.DEVICE, "0"));
    }

    private static void addAll(Map<String, String> given, Options options) throws OrtException {
        for (Map.Entry<String, String> option : given.entrySet()) {
            if (!option.getKey().equals(ProviderChoice.DEVICE)) {
                options.add(option.getKey(), option.getValue());
            }
        }
    }

    /** XNNPACK has threads of its own. */
    private static Map<String, String> withThreads(Map<String, String> given, int threads) {
        Map<String, String> options = new LinkedHashMap<>(given);
        options.putIfAbsent(XNNPACK_THREADS, Integer.toString(threads));
        return options;
    }

    /** Options of a provider that are set one by one. */
    private interface Options {
        void add(String name, String value) throws OrtException;
    }
}
