package dev.tandem.inference.onnx;

import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRefusalTest {
    private static final List<Integer> SHAPE = List.of(1, 4);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void refusesTextAsNotOnnx() {
        byte[] text = "version https://git-lfs.github.com/spec/v1\noid sha256:0".getBytes(StandardCharsets.UTF_8);

        assertRefused(OnnxModels.write(directory, "m.onnx", text), "is not an ONNX model", "Git LFS");
    }

    @Test
    void refusesPictureAsNotOnnx() {
        byte[] jpeg = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1};

        assertRefused(OnnxModels.write(directory, "m.onnx", jpeg), "is not an ONNX model");
    }

    @Test
    void refusesEmptyFile() {
        assertRefused(OnnxModels.write(directory, "m.onnx", new byte[0]), "has 0 bytes");
    }

    @Test
    void refusesMissingFileAndDirectory() {
        assertRefused(directory.resolve("absent.onnx"), "does not exist");
        assertRefused(directory, "is a directory");
    }

    @Test
    void refusesTruncatedFile() {
        byte[] whole = model(graph(SHAPE, node("Add", "x w", "y")).addInitializer(OnnxModels.constant("w", 1, 1000, 4)))
                .build()
                .toByteArray();

        assertRefused(OnnxModels.write(directory, "m.onnx", Arrays.copyOf(whole, whole.length / 2)), "is truncated");
    }

    @Test
    void refusesEmptyGraph() {
        assertRefused(write(model(graph(SHAPE))), "has an empty graph");
    }

    @Test
    void refusesNewerIrVersion() {
        assertRefused(write(model(relu()).setIrVersion(14)), "has IR version 14, expected 1 to 13");
    }

    @Test
    void acceptsNewestVersionsThatAreAnnounced() {
        Path newest = write(model(relu())
                .setIrVersion(ModelChecks.NEWEST_IR_VERSION)
                .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(ModelChecks.NEWEST_OPSET)));

        assertThat(fold(newest).graph().layers()).hasSize(1);
    }

    @Test
    void refusesNewerOpset() {
        ModelProto.Builder newer =
                model(relu()).setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(27));

        assertRefused(write(newer), "has opset 27, expected at most 26");
    }

    @Test
    void refusesUnknownOperatorByName() {
        assertRefused(
                write(model(graph(SHAPE, node("Frobnicate", "x", "y")))), "'Frobnicate'", "'frobnicate-y'", "opset 13");
    }

    @Test
    void refusesUnknownDomainByName() {
        NodeProto node = node("Frobnicate", "x", "y").toBuilder()
                .setDomain("org.example")
                .build();
        ModelProto.Builder model = model(graph(SHAPE, node))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("org.example").setVersion(1));

        assertRefused(write(model), "'Frobnicate'", "'org.example'", "'frobnicate-y'");
    }

    @Test
    void refusesDomainThatIsNotImported() {
        NodeProto node = node("Frobnicate", "x", "y").toBuilder()
                .setDomain("org.example")
                .build();

        assertRefused(write(model(graph(SHAPE, node))), "'Frobnicate'", "'org.example'", "opset imports");
    }

    @Test
    void refusesMissingExternalData() {
        assertRefused(external("weights.bin", 0, 16), "'weights.bin'", "'w'", "does not exist");
    }

    @Test
    void refusesShortExternalData() {
        OnnxModels.write(directory, "weights.bin", new byte[20]);

        assertRefused(
                external("weights.bin", 8, 16), "'weights.bin'", "'w'", "at offset 8 with 16 bytes", "has 20 bytes");
    }

    @Test
    void refusesExternalDataThatDeclaresFewerBytesThanItsShapeNeeds() {
        OnnxModels.write(directory, "weights.bin", new byte[12]);

        assertRefused(external("weights.bin", 0, 12), "with 16 bytes", "has 12 bytes");
    }

    @Test
    void refusesExternalDataOutsideOfTheDirectory() {
        assertRefused(external("../weights.bin", 0, 16), "'../weights.bin'", "'w'", "outside the model's directory");
        assertRefused(external("a/../../weights.bin", 0, 16), "outside the model's directory");
        assertRefused(external("we\0ights", 0, 16), "outside the model's directory");
        assertRefused(external("/etc/hostname", 0, 16), "'/etc/hostname'", "outside the model's directory");
    }

    @Test
    void refusesExternalDataThatIsALinkOutOfTheDirectory() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path model = Files.createDirectory(directory.resolve("model"));
        Files.createSymbolicLink(model.resolve("w.bin"), OnnxModels.write(elsewhere, "w.bin", new byte[16]));
        TensorProto weight = new ExternalReference("w.bin", 0, 16).applyTo(OnnxModels.constant("w", 1, 1, 4));
        ModelProto.Builder linked = model(graph(SHAPE, node("Add", "x w", "y")).addInitializer(weight));

        assertRefused(
                OnnxModels.write(model, "m.onnx", linked), "'w.bin'", "link", "elsewhere", "Maybe copy model and data");
    }

    @Test
    void refusesSequenceInput() {
        TypeProto sequence = TypeProto.newBuilder()
                .setSequenceType(TypeProto.Sequence.newBuilder()
                        .setElemType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))))
                .build();

        assertRefused(write(model(withInput(sequence))), "input 'x'", "SEQUENCE_TYPE", "expected a tensor");
    }

    @Test
    void refusesStringInput() {
        TypeProto strings = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.STRING_VALUE))
                .build();

        assertRefused(write(model(withInput(strings))), "input 'x'", "STRING");
    }

    @Test
    void refusesInputOfTypeThatTheBindingCannotMake() {
        TypeProto wide = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.UINT32_VALUE))
                .build();

        assertRefused(write(model(withInput(wide))), "input 'x'", "UINT32");
    }

    @Test
    void refusesInputWithoutShape() {
        TypeProto floats = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))
                .build();

        assertRefused(write(model(withInput(floats))), "input 'x'", "has no shape");
    }

    @Test
    void refusesDynamicDimensionWithoutValue() {
        Path model = write(model(graph(List.of(-1, -1), node("Relu", "x", "y"))));

        assertRefused(model, "'d1'", "'x'", "d1=VALUE");
    }

    @Test
    void givesDynamicDimensionsTheirValues() {
        Path model = write(model(graph(List.of(-1, -1, 3), node("Relu", "x", "y"))));

        FoldOptions options = new FoldOptions(DimensionValues.of(List.of("d1=5")));
        FoldOptions byPlace = new FoldOptions(DimensionValues.of(List.of("x[1]=6", "d0=2")));

        assertThat(ModelFolder.fold(model, options, directory)
                        .graph()
                        .tensor("y")
                        .shape())
                .containsExactly(1, 5, 3);
        assertThat(ModelFolder.fold(model, byPlace, directory)
                        .graph()
                        .tensor("y")
                        .shape())
                .containsExactly(2, 6, 3);
    }

    @Test
    void refusesValuesThatNameNoDynamicDimension() {
        Path model = write(model(graph(List.of(-1, -1, 3), node("Relu", "x", "y"))));
        for (String flag : List.of("btach=8", "x[2]=4")) {
            FoldOptions options = new FoldOptions(DimensionValues.of(List.of(flag, "d1=5")));

            assertThatThrownBy(() -> ModelFolder.fold(model, options, directory))
                    .isInstanceOf(ModelRefusedException.class)
                    .hasMessageContainingAll("'" + flag.substring(0, flag.indexOf('=')) + "'", "d0, d1");
        }
    }

    @Test
    void refusesDimensionFlagOfAnotherForm() {
        for (String flag : List.of("d1", "=5", "d1=", "d1=0", "d1=-3", "d1=many")) {
            assertThatThrownBy(() -> DimensionValues.of(List.of(flag)))
                    .isInstanceOf(ModelRefusedException.class)
                    .hasMessageContaining("'" + flag + "'");
        }
    }

    @Test
    void refusesShapesThatDependOnValues() {
        NodeProto boxes = node("NonMaxSuppression", "boxes scores", "y");
        GraphProto.Builder detector = graph(List.of(1, 6, 4), boxes)
                .setInput(0, OnnxModels.value("boxes", List.of(1, 6, 4)))
                .addInput(OnnxModels.value("scores", List.of(1, 2, 6)))
                .setOutput(0, output("y", TensorProto.DataType.INT64));
        assertRefused(
                write(model(detector)), "'NonMaxSuppression'", "'nonmaxsuppression-y'", "'y'", "depends on the values");

        GraphProto.Builder found =
                graph(SHAPE, node("NonZero", "x", "i"), node("Cast", "i", "y", OnnxModels.integer("to", 1)));
        assertRefused(write(model(found)), "'NonZero'", "'i'", "Maybe cut the model");
    }

    @Test
    void refusesShapesThatAreComputedFromValues() {
        GraphProto.Builder range = graph(
                        SHAPE,
                        node("ReduceMax", "x", "m", OnnxModels.integer("keepdims", 0)),
                        node("Range", "zero m one", "y"))
                .addInitializer(OnnxModels.constant("zero", 0))
                .addInitializer(OnnxModels.constant("one", 1));

        assertRefused(write(model(range)), "'Range'", "'y'", "depends on the values");
    }

    @Test
    void acceptsElementsThatAreFoundInShapes() {
        GraphProto.Builder found = graph(
                SHAPE,
                node("Sigmoid", "x", "a"),
                node("Shape", "a", "s"),
                node("NonZero", "s", "i"),
                node("Gather", "a i", "y", OnnxModels.integer("axis", 1)));

        assertThat(fold(write(model(found))).graph().tensor("y").shape()).isEqualTo(List.of(1, 1, 2));
    }

    @Test
    void acceptsShapesThatAreComputedFromShapes() {
        GraphProto.Builder reshape =
                graph(SHAPE, node("Sigmoid", "x", "a"), node("Shape", "a", "s"), node("Reshape", "x s", "y"));

        assertThat(fold(write(model(reshape))).graph().tensor("y").shape()).isEqualTo(SHAPE);
    }

    @Test
    void refusesOutputOfTypeThatTheBindingCannotMake() {
        GraphProto.Builder wide = graph(
                        SHAPE, node("Cast", "x", "y", OnnxModels.integer("to", TensorProto.DataType.UINT32_VALUE)))
                .setOutput(0, output("y", TensorProto.DataType.UINT32));

        assertRefused(write(model(wide)), "output 'y'", "UINT32", "Maybe");
    }

    private static ValueInfoProto output(String name, TensorProto.DataType type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber())))
                .build();
    }

    @Test
    void refusesConstantOutput() {
        GraphProto.Builder graph = graph(SHAPE, node("Relu", "x", "z"), node("Identity", "w", "y"))
                .addInitializer(OnnxModels.constant("w", 1, 4))
                .addOutput(ValueInfoProto.newBuilder(OnnxModels.value("z", SHAPE)));

        assertRefused(write(model(graph)), "'y' is constant");
    }

    @Test
    void leavesNothingBehindWhenItRefuses() throws IOException {
        Path cache = directory.resolve("cache");

        assertThatThrownBy(() -> ModelFolder.fold(
                        write(model(graph(SHAPE, node("Frobnicate", "x", "y")))), FoldOptions.DEFAULTS, cache))
                .isInstanceOf(ModelRefusedException.class);

        try (var files = Files.list(cache)) {
            assertThat(files).noneMatch(Files::isDirectory);
        }
    }

    private static GraphProto.Builder relu() {
        return graph(SHAPE, node("Relu", "x", "y"));
    }

    private static GraphProto.Builder withInput(TypeProto type) {
        return relu().setInput(0, ValueInfoProto.newBuilder().setName("x").setType(type));
    }

    private Path external(String location, long offset, long length) {
        TensorProto weight = new ExternalReference(location, offset, length).applyTo(OnnxModels.constant("w", 1, 1, 4));
        return write(model(graph(SHAPE, node("Add", "x w", "y")).addInitializer(weight)));
    }

    private Path write(ModelProto.Builder model) {
        return OnnxModels.write(directory, "m.onnx", model);
    }

    private ModelPackage fold(Path model) {
        return ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("cache"));
    }

    private void assertRefused(Path model, String... parts) {
        assertThatThrownBy(() -> fold(model))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContainingAll(parts);
    }
}
