package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.ConstantTensors;
import dev.tandem.inference.graph.OnnxTypes;
import dev.tandem.inference.runtime.ElementTypes;
import dev.tandem.inference.runtime.NativeSessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the shapes of all activations by one run with every one of them as an output: what the runtime really computes,
 * whatever the file says.
 */
final class ShapeReader {
    private static final String FILE_NAME = "shapes.onnx";
    private static final long SEED = 1;

    private ShapeReader() {}

    /**
     * Every activation by name, inputs and outputs included. Constants are left out.
     *
     * @param directory holds the weights that the model names, and for a moment a file of this reader
     */
    static Map<String, TensorSpec> read(OnnxFile source, ModelProto model, Path directory) {
        Map<String, TensorSpec> tensors = new LinkedHashMap<>();
        List<TensorSpec> inputs = inputs(model.getGraph());
        inputs.forEach(input -> tensors.put(input.name(), input));
        Path file = directory.resolve(FILE_NAME);
        try {
            Files.write(file, withEveryOutput(model).toByteArray());
            run(file, inputs, source, tensors);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } catch (OrtException e) {
            throw LoadErrors.translate(source, e);
        }
        return tensors;
    }

    private static List<TensorSpec> inputs(GraphProto graph) {
        List<TensorSpec> inputs = new ArrayList<>();
        for (ValueInfoProto input : graph.getInputList()) {
            TypeProto.Tensor type = input.getType().getTensorType();
            List<Integer> shape = type.getShape().getDimList().stream()
                    .map(Dimension::getDimValue)
                    .map(Math::toIntExact)
                    .toList();
            ElementType element = OnnxTypes.of(type.getElemType()).orElseThrow();
            inputs.add(new TensorSpec(input.getName(), element, shape));
        }
        return inputs;
    }

    private static ModelProto withEveryOutput(ModelProto model) {
        ConstantTensors constants = ConstantTensors.of(model.getGraph());
        Set<String> written = new LinkedHashSet<>();
        model.getGraph().getOutputList().forEach(output -> written.add(output.getName()));
        model.getGraph().getNodeList().forEach(node -> written.addAll(node.getOutputList()));
        written.removeIf(tensor -> tensor.isEmpty() || constants.contains(tensor));
        ModelProto.Builder all = model.toBuilder();
        all.getGraphBuilder().clearOutput();
        for (String tensor : written) {
            all.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(tensor));
        }
        return all.build();
    }

    private static void run(Path file, List<TensorSpec> inputs, OnnxFile source, Map<String, TensorSpec> tensors)
            throws OrtException {
        try (SessionOptions options =
                RuntimeSessions.options(OptLevel.NO_OPT, Runtime.getRuntime().availableProcessors())) {
            options.addConfigEntry("session.disable_prepacking", "1");
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            try (OrtSession session = NativeSessions.open(file, options);
                    GeneratedInputs generated = GeneratedInputs.of(inputs, SEED);
                    Result result = session.run(generated.tensors())) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    tensors.put(output.getKey(), spec(source, output.getKey(), output.getValue()));
                }
            }
        }
    }

    private static TensorSpec spec(OnnxFile source, String name, OnnxValue value) {
        if (value instanceof OnnxTensor tensor) {
            TensorInfo info = tensor.getInfo();
            List<Integer> shape = Arrays.stream(info.getShape())
                    .mapToInt(Math::toIntExact)
                    .boxed()
                    .toList();
            return ElementTypes.of(info.onnxType)
                    .map(type -> new TensorSpec(name, type, shape))
                    .orElseThrow(() -> unsupported(source, name, info.onnxType.toString()));
        }
        throw unsupported(source, name, value.getType().toString());
    }

    private static ModelRefusedException unsupported(OnnxFile source, String name, String type) {
        return new ModelRefusedException(
                "model " + source.path() + " computes '" + name + "' of type " + type
                        + ", expected tensors of floats, integers or booleans. Maybe cut off the post-processing that makes it.");
    }
}
