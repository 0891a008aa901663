package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model cannot be opened; the message names the file, what ONNX Runtime said, and what to try. */
public final class ModelLoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the model. */
    public enum Reason {
        /** No such file, or no permission to read it. */
        UNREADABLE("Maybe the path is misspelt."),
        /** The bytes are not an ONNX model, or not all of one. */
        NOT_A_MODEL("Maybe the file is not ONNX, or a download was cut short."),
        /** Opset or IR version outside of what this ONNX Runtime loads. */
        UNSUPPORTED_VERSION("Maybe export the model with an older opset."),
        /** An operator, or an operator for these types, that this ONNX Runtime does not have. */
        UNKNOWN_OPERATOR("Maybe export the model with standard ONNX operators only."),
        /** The file with the weights is missing or too short. */
        EXTERNAL_DATA("Maybe the weight file is missing beside the model or a download was cut short."),
        /** An input has dimensions without a value. */
        DYNAMIC_SHAPE("Maybe give every dynamic dimension a value before the model is opened."),
        /** An input or output that is not a tensor of numbers. */
        UNSUPPORTED_TENSOR("Maybe export the model without sequences, maps and strings."),
        /** ONNX Runtime refuses it for an execution provider other than that of CPUs. */
        PROVIDER("Maybe that provider cannot compute this model: give it to a core group with provider = cpu."),
        /** Anything else, for example a graph that contradicts itself. */
        INVALID("Maybe check the file with the ONNX checker.");

        private final String hint;

        Reason(String hint) {
            this.hint = hint;
        }
    }

    private final Path model;
    private final Reason reason;

    ModelLoadException(Path model, Reason reason, String problem, @Nullable Throwable cause) {
        super("model " + model + " cannot be opened: " + problem + " " + reason.hint, cause);
        this.model = model;
        this.reason = reason;
    }

    static ModelLoadException of(Path model, ProviderChoice provider, OrtException error) {
        String message = String.valueOf(error.getMessage()).strip();
        Reason reason = reason(message.toLowerCase(Locale.ROOT));
        return reason == Reason.INVALID && !provider.equals(ProviderChoice.CPU)
                ? new ModelLoadException(model, Reason.PROVIDER, "with " + provider + ": " + message, error)
                : new ModelLoadException(model, reason, message, error);
    }

    /** The file that was to be opened. */
    public Path model() {
        return model;
    }

    /** The kind of problem. */
    public Reason reason() {
        return reason;
    }

    /** ONNX Runtime's error codes are too coarse, so its wording decides; the first kind that fits. */
    private static Reason reason(String message) {
        record Sign(Reason reason, List<String> phrases) {}
        List<Sign> signs = List.of(
                new Sign(Reason.EXTERNAL_DATA, List.of("external data", "external initializer", "external_data")),
                new Sign(
                        Reason.UNSUPPORTED_VERSION,
                        List.of("unsupported model ir version", "opset version", "opset_import", "under development")),
                new Sign(
                        Reason.UNKNOWN_OPERATOR,
                        List.of(
                                "no op registered",
                                "is not a registered function/op",
                                "could not find an implementation")),
                new Sign(
                        Reason.NOT_A_MODEL,
                        List.of(
                                "protobuf parsing failed",
                                "invalid_protobuf",
                                "does not have a graph",
                                "missing model ir")));
        return signs.stream()
                .filter(sign -> sign.phrases().stream().anyMatch(message::contains))
                .map(Sign::reason)
                .findFirst()
                .orElse(Reason.INVALID);
    }
}
