package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtProvider;
import dev.tandem.core.topology.CoreGroup;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What ONNX Runtime computes with: code for CPUs, or for what stands beside them. */
public enum ExecutionProvider {
    /** Built into every artifact. */
    CPU(OrtProvider.CPU, CoreGroup.Kind.CPU, "Maybe use an artifact of ONNX Runtime that Tandem is built with."),
    /** NVIDIA GPUs. */
    CUDA(OrtProvider.CUDA, CoreGroup.Kind.GPU, Advice.GPU),
    /** NVIDIA GPUs, through TensorRT; what that does not know goes to {@link #CUDA}. */
    TENSORRT(OrtProvider.TENSOR_RT, CoreGroup.Kind.GPU, Advice.GPU),
    /** Apple's GPUs and neural engines. */
    COREML(OrtProvider.CORE_ML, CoreGroup.Kind.GPU, "Maybe use it on macOS, for which ONNX Runtime is built with it."),
    /** Other code for CPUs, made for small ones. */
    XNNPACK(OrtProvider.XNNPACK, CoreGroup.Kind.CPU, Advice.OWN_BUILD),
    /** Qualcomm's neural processors. */
    QNN(OrtProvider.QNN, CoreGroup.Kind.GPU, Advice.OWN_BUILD);

    private final OrtProvider inRuntime;
    private final CoreGroup.Kind kind;
    private final String advice;

    ExecutionProvider(OrtProvider inRuntime, CoreGroup.Kind kind, String advice) {
        this.inRuntime = inRuntime;
        this.kind = kind;
        this.advice = advice;
    }

    /** What does the arithmetic: every accelerator counts as a GPU. */
    public CoreGroup.Kind kind() {
        return kind;
    }

    /** The name in settings and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What to do about a build of ONNX Runtime that does not have it, in a sentence. */
    String advice() {
        return advice;
    }

    /** Absent for those that Tandem has no settings for. */
    static Optional<ExecutionProvider> of(OrtProvider provider) {
        return Arrays.stream(values())
                .filter(each -> each.inRuntime == provider)
                .findFirst();
    }

    /** Sentences that several share. */
    private static final class Advice {
        private static final String GPU =
                "Maybe build Tandem with 'mvn -Pgpu', which takes the artifact for Linux and Windows on x64 that has it.";
        private static final String OWN_BUILD =
                "Maybe build ONNX Runtime with it, and name the folder of its libraries with -D"
                        + NativeLibrary.PATH_PROPERTY + "=FOLDER.";
    }
}
