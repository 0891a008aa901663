package dev.tandem.inference.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The execution providers of this process: which ONNX Runtime was built with, and which work on this machine. */
public final class Providers {

    /** More GPUs than boards have. */
    private static final int MOST_GPUS = 16;

    private Providers() {}

    /**
     * Why a provider does not work here.
     *
     * @param reason a clause, without a full stop
     * @param hint what to do about it, a sentence
     */
    public record Problem(String reason, String hint) {}

    /**
     * Those that the loaded ONNX Runtime was built with; whether they work depends on the machine, too.
     *
     * @throws NativeLibraryException if the library cannot be unpacked or loaded
     */
    public static List<ExecutionProvider> builtIn() {
        OnnxRuntime.environment();
        return OrtEnvironment.getAvailableProviders().stream()
                .flatMap(provider -> ExecutionProvider.of(provider).stream())
                .toList();
    }

    /**
     * Why a provider does not work here; empty when a small model was opened with it, run, and answered what it must. A
     * provider may be built in while the libraries or the device that it needs are missing.
     *
     * @throws NativeLibraryException if ONNX Runtime itself cannot be unpacked or loaded
     */
    public static Optional<Problem> problem(ProviderChoice choice) {
        ExecutionProvider provider = choice.provider();
        List<ExecutionProvider> builtIn = builtIn();
        if (!builtIn.contains(provider)) {
            return Optional.of(new Problem(
                    "this build of ONNX Runtime (" + NativeLibrary.build() + ") has no " + provider.word() + ", only "
                            + builtIn.stream().map(ExecutionProvider::word).collect(Collectors.joining(", ")),
                    provider.advice()));
        }
        return failure(choice)
                .map(reason -> new Problem(
                        "a small model cannot be run with it: " + reason,
                        "Maybe a driver or library that it needs is missing, too old or too new."));
    }

    /**
     * The GPUs of this machine that CUDA computes on, in the order of their numbers. Loads ONNX Runtime only where its
     * build is one for GPUs.
     */
    public static List<ProviderChoice> gpus() {
        List<ProviderChoice> gpus = new ArrayList<>();
        if (NativeLibrary.mayHaveGpu()) {
            ProviderChoice next = ProviderChoice.cuda(0);
            while (gpus.size() < MOST_GPUS && problem(next).isEmpty()) {
                gpus.add(next);
                next = ProviderChoice.cuda(gpus.size());
            }
        }
        return gpus;
    }

    /** Why a small model cannot be opened and run with it, in a clause; empty when its result is right. */
    static Optional<String> failure(ProviderChoice choice) {
        SessionSettings settings = SessionSettings.defaults().withProvider(choice);
        try (SessionOptions options = NativeOptions.of(settings);
                OrtSession session = NativeSessions.open(ProbeModel.bytes(), options)) {
            return isRight(session) ? Optional.empty() : Optional.of("its result is wrong");
        } catch (ProviderException | OrtException e) {
            return Optional.of(NativeProviders.reason(e));
        }
    }

    private static boolean isRight(OrtSession session) throws OrtException {
        FloatBuffer values = FloatBuffer.wrap(ProbeModel.INPUT);
        try (OnnxTensor input = OnnxTensor.createTensor(OnnxRuntime.environment(), values, ProbeModel.SHAPE);
                OrtSession.Result result = session.run(Map.of(ProbeModel.INPUT_NAME, input))) {
            FloatBuffer answer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] found = new float[answer.remaining()];
            answer.get(found);
            return Arrays.equals(found, ProbeModel.OUTPUT);
        }
    }
}
