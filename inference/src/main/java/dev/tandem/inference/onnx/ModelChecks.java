package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.GraphTensors;
import dev.tandem.inference.graph.OnnxTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be refused before the runtime sees the model, with a clearer message than it would give. */
final class ModelChecks {
    /** Newest IR version that ONNX Runtime 1.28.0 loads; 14 answers "max supported IR version: 13" (tried). */
    static final long NEWEST_IR_VERSION = 13;
    /** Newest operator set that ONNX Runtime 1.28.0 loads; 27 answers "official support ... is till opset 26" (tried). */
    static final long NEWEST_OPSET = 26;

    private ModelChecks() {}

    static void check(OnnxFile file) {
        ModelProto model = file.model();
        if (!model.hasGraph() && !model.hasIrVersion()) {
            throw refused(file, "is not an ONNX model: it holds no graph", "Maybe it is another format.");
        }
        if (model.getGraph().getNodeCount() == 0) {
            throw refused(file, "has an empty graph, expected at least one operator", "Maybe the export failed.");
        }
        checkVersions(file);
        checkInputs(file);
        for (TensorProto tensor : GraphTensors.of(model.getGraph())) {
            checkExternalData(file, tensor);
        }
    }

    private static void checkVersions(OnnxFile file) {
        long version = file.model().getIrVersion();
        if (version < 1 || version > NEWEST_IR_VERSION) {
            throw refused(
                    file,
                    "has IR version " + version + ", expected 1 to " + NEWEST_IR_VERSION,
                    "Maybe export it with an older version of the onnx package.");
        }
        for (OperatorSetIdProto opset : file.model().getOpsetImportList()) {
            boolean standard = GraphTensors.canonicalDomain(opset.getDomain()).isEmpty();
            if (standard && opset.getVersion() > NEWEST_OPSET) {
                throw refused(
                        file,
                        "has opset " + opset.getVersion() + ", expected at most " + NEWEST_OPSET,
                        "Maybe export it with a lower opset_version.");
            }
        }
    }

    private static void checkInputs(OnnxFile file) {
        GraphProto graph = file.model().getGraph();
        Set<String> initialisers =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initialisers.contains(input.getName())) {
                checkInput(file, input);
            }
        }
    }

    private static void checkInput(OnnxFile file, ValueInfoProto input) {
        TypeProto type = input.getType();
        String hint = "Maybe cut off the pre-processing that needs it.";
        String what = "has input '" + input.getName() + "' of kind ";
        if (type.getValueCase() != TypeProto.ValueCase.TENSOR_TYPE) {
            throw refused(file, what + type.getValueCase() + ", expected a tensor", hint);
        }
        int element = type.getTensorType().getElemType();
        if (OnnxTypes.of(element).filter(ElementType::canTravel).isEmpty()) {
            throw refused(
                    file,
                    what + "tensor of " + TensorProto.DataType.forNumber(element)
                            + ", expected floats, signed integers, UINT8 or booleans",
                    hint);
        }
    }

    /** The folded model's outputs, whose types only a run tells. */
    static void checkOutputs(OnnxFile file, GraphProto graph, Map<String, TensorSpec> tensors) {
        for (ValueInfoProto output : graph.getOutputList()) {
            TensorSpec spec = tensors.get(output.getName());
            if (spec != null && !spec.type().canTravel()) {
                throw refused(
                        file,
                        "has output '" + output.getName() + "' of type " + spec.type()
                                + ", expected floats, signed integers, UINT8 or booleans",
                        "Maybe cast it to a signed type before export.");
            }
        }
    }

    private static void checkExternalData(OnnxFile file, TensorProto tensor) {
        ExternalReference.of(tensor).ifPresent(reference -> checkReference(file, tensor, reference));
    }

    private static void checkReference(OnnxFile file, TensorProto tensor, ExternalReference reference) {
        String what = "needs external data file '" + reference.location() + "' for tensor '" + tensor.getName() + "'";
        if (!isBelowDirectory(reference.location())) {
            throw refused(
                    file,
                    what + ", which lies outside the model's directory",
                    "Expected a relative path below it. Maybe move the file there and export again.");
        }
        Path data = reference.file(file.directory());
        if (!Files.isRegularFile(data)) {
            throw refused(file, what + ", which does not exist", "Maybe copy it beside the model.");
        }
        checkLength(file, what, tensor, reference, data);
    }

    private static boolean isBelowDirectory(String location) {
        try {
            Path path = Path.of(location).normalize();
            return !location.isEmpty() && !path.isAbsolute() && !path.startsWith("..");
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static void checkLength(
            OnnxFile file, String what, TensorProto tensor, ExternalReference reference, Path data) {
        long declared = reference.length() < 0 ? OnnxTypes.storedBytes(tensor) : reference.length();
        long needed = Math.max(declared, OnnxTypes.storedBytes(tensor));
        long size = size(data);
        if (reference.offset() < 0 || size - reference.offset() < needed) {
            throw refused(
                    file,
                    what + " at offset " + reference.offset() + " with " + needed + " bytes, but it has " + size
                            + " bytes",
                    "Maybe the copy is truncated.");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static ModelRefusedException refused(OnnxFile file, String what, String hint) {
        return new ModelRefusedException("model " + file.path() + " " + what + ". " + hint);
    }
}
