package dev.tandem.inference.onnx;

import static dev.tandem.inference.onnx.OnnxModels.constant;
import static dev.tandem.inference.onnx.OnnxModels.graph;
import static dev.tandem.inference.onnx.OnnxModels.model;
import static dev.tandem.inference.onnx.OnnxModels.node;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Axis;
import dev.tandem.inference.onnx.ModelPackage.Piece;
import dev.tandem.inference.rewrite.SegmentExtractor;
import dev.tandem.inference.rewrite.SegmentModel;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What folding makes of a model. */
class ModelFolderTest extends FoldedCase {

    @Test
    void keepsLargeWeightsInFilesNamedByTheirDigest() throws IOException {
        ModelPackage folded = fold(convolution());

        List<Piece> pieces = folded.pieces();
        assertThat(pieces).hasSize(3);
        Piece weight = pieces.get(2);
        assertThat(weight.bytes()).isEqualTo(16 * 3 * 3 * 3 * 4);
        assertThat(Sha256.ofFiles(List.of(folded.file(weight)))).isEqualTo(weight.sha256());
        assertThat(folded.file(weight)).hasFileName(weight.sha256());
        assertThat(Files.size(folded.skeleton())).isLessThan(1024);
        assertThat(folded.digest()).isEqualTo(Sha256.ofFiles(List.of(folded.skeleton())));
        assertThat(folded.missing()).isEmpty();
    }

    @Test
    void storesEqualWeightsOnce() {
        GraphProto.Builder graph = graph(
                        IMAGE, node("Conv", "x w1", "a"), node("Conv", "x w2", "b"), node("Sub", "a b", "y"))
                .addInitializer(constant("w1", 0.5f, 16, 3, 3, 3))
                .addInitializer(constant("w2", 0.5f, 16, 3, 3, 3));

        assertThat(fold(model(graph)).pieces()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void foldsBatchNormalizationThoughInitialisersAreListedAsInputs() {
        GraphProto.Builder graph = graph(IMAGE, node("Conv", "x w", "a"), node("BatchNormalization", "a s b m v", "y"))
                .addInitializer(constant("w", 0.5f, 16, 3, 3, 3));
        for (String name : List.of("s", "b", "m", "v")) {
            graph.addInitializer(constant(name, 2, 16));
            graph.addInput(OnnxModels.value(name, List.of(16)));
        }
        graph.addInput(OnnxModels.value("w", List.of(16, 3, 3, 3)));

        ModelPackage folded = fold(model(graph));

        assertThat(folded.graph().layers()).extracting(Layer::operator).containsExactly("Conv");
        assertThat(folded.graph().inputs()).hasSize(1);
    }

    @Test
    void readsWeightsFromConstantNodesAndFloatLists() {
        TensorProto raw = constant("", 0.5f, 16, 3, 3, 3);
        TensorProto.Builder floats = constant("w2", 0, 16, 16, 1, 1).toBuilder().clearRawData();
        for (int index = 0; index < 16 * 16; index++) {
            floats.addFloatData(index);
        }
        NodeProto weight = NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("w1")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(raw))
                .build();
        GraphProto.Builder graph = graph(IMAGE, weight, node("Conv", "x w1", "a"), node("Conv", "a w2", "y"))
                .addInitializer(floats);

        ModelPackage folded = fold(model(graph));

        assertThat(folded.graph().layers()).extracting(Layer::operator).containsExactly("Conv", "Conv");
        assertThat(folded.graph().layers()).extracting(Layer::weightBytes).containsExactly(1728L, 1024L);
        assertThat(folded.graph().layers())
                .extracting(Layer::multiplyAdds)
                .containsExactly(36L * 16 * 27, 36L * 16 * 16);
    }

    @Test
    void readsExternalWeightsAtTheirOffset() throws IOException {
        TensorProto weight = constant("w", 0.5f, 16, 3, 3, 3);
        byte[] padded = new byte[64 + weight.getRawData().size()];
        weight.getRawData().copyTo(padded, 64);
        Files.createDirectory(directory.resolve("data"));
        OnnxModels.write(directory.resolve("data"), "weights.bin", padded);
        ExternalReference reference = new ExternalReference("data/weights.bin", 64, padded.length - 64);
        ModelProto.Builder outside = convolution();
        outside.getGraphBuilder().setInitializer(0, reference.applyTo(weight));

        ModelPackage fromOutside = ModelFolder.fold(write(outside), FoldOptions.DEFAULTS, directory.resolve("cache"));

        assertThat(fromOutside.digest()).isEqualTo(fold(convolution()).digest());
    }

    @Test
    void readsAModelThroughASymbolicLink() throws IOException {
        Path store = Files.createDirectory(directory.resolve("store"));
        Path link = Files.createSymbolicLink(
                directory.resolve("link.onnx"), OnnxModels.write(store, "blob", convolution()));

        assertThat(ModelFolder.fold(link, FoldOptions.DEFAULTS, directory.resolve("cache"))
                        .graph()
                        .layers())
                .hasSize(1);
    }

    /** The layout of a Hugging Face cache: a snapshot of links into a directory of blobs beside it. */
    @Test
    void readsModelAndWeightsThroughLinksIntoASiblingDirectory() throws IOException {
        TensorProto weight = constant("w", 0.5f, 16, 3, 3, 3);
        ModelProto.Builder outside = convolution();
        outside.getGraphBuilder()
                .setInitializer(0, new ExternalReference("weights.bin", 0, 1728).applyTo(weight))
                .addInitializer(constant("v", 0.5f, 16, 16, 1, 1))
                .addNode(node("Conv", "y v", "z"))
                .setOutput(0, graph(IMAGE).getOutput(0).toBuilder().setName("z"));
        Path blobs = Files.createDirectory(directory.resolve("blobs"));
        Path snapshot = Files.createDirectories(directory.resolve("snapshots/1"));
        Files.createSymbolicLink(
                snapshot.resolve("weights.bin"),
                OnnxModels.write(blobs, "b1", weight.getRawData().toByteArray()));
        Path link = Files.createSymbolicLink(snapshot.resolve("m.onnx"), OnnxModels.write(blobs, "b0", outside));

        ModelPackage folded = ModelFolder.fold(link, FoldOptions.DEFAULTS, directory.resolve("cache"));

        assertThat(folded.graph().name()).isEqualTo("m");
        assertThat(folded.graph().layers()).extracting(Layer::weightBytes).containsExactly(1728L, 1024L);
    }

    @Test
    void namesNodesThatHaveNone() {
        NodeProto unnamed = node("Sigmoid", "x", "a").toBuilder().clearName().build();
        NodeProto twin = node("Tanh", "a", "y").toBuilder().clearName().build();

        List<Layer> layers = fold(model(graph(IMAGE, unnamed, twin))).graph().layers();

        assertThat(layers).extracting(Layer::name).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void keepsOnlyImportsThatAreUsed() throws IOException {
        ModelPackage folded = fold(convolution());

        ModelProto skeleton = ModelProto.parseFrom(Files.readAllBytes(folded.skeleton()));
        assertThat(skeleton.getOpsetImportList())
                .extracting(OperatorSetIdProto::getDomain)
                .containsExactly("");
    }

    @Test
    void takesControlFlowAsOpaqueLayer() {
        Layer layer = fold(branching(GraphProto.newBuilder()
                        .setName("then")
                        .addNode(node("Exp", "x", "t"))
                        .addOutput(OnnxModels.value("t", IMAGE))))
                .graph()
                .layers()
                .get(2);

        assertThat(layer.operator()).isEqualTo("If");
        assertThat(layer.inputs()).containsExactly("c", "x");
        assertThat(layer.along(Axis.ROWS)).isInstanceOf(Whole.class);
    }

    @Test
    void shipsTheWeightsOfSubgraphs() throws IOException {
        ModelPackage folded = fold(branching(GraphProto.newBuilder()
                .setName("then")
                .addNode(node("Mul", "x w", "all"))
                .addNode(node("ReduceSum", "all first", "t"))
                .addInitializer(OnnxModels.indices("first", 0))
                .addInitializer(constant("w", 0.5f, 5, 3, 8, 8))
                .addOutput(OnnxModels.value("t", IMAGE))));
        ModelGraph graph = folded.graph();
        Segment branch = new Segment(2, 3);

        SegmentModel model =
                SegmentExtractor.extract(ModelProto.parseFrom(Files.readAllBytes(folded.skeleton())), graph, branch);

        assertThat(graph.layers().get(2).weightBytes()).isEqualTo(5 * 3 * 8 * 8 * 4 + 8);
        assertThat(model.weights()).hasSize(1).isSubsetOf(folded.pieces());
        Path alone = Files.createDirectory(directory.resolve("alone"));
        for (Piece piece : model.weights()) {
            Files.copy(folded.file(piece), alone.resolve(piece.sha256()));
        }
        try (ModelSession session = ModelSession.open(model.writeTo(alone, "if.onnx"), SessionSettings.defaults())) {
            Map<String, TensorBuffer> inputs = new HashMap<>();
            session.inputs().forEach(input -> inputs.put(input.name(), TensorBuffer.allocate(input)));
            Objects.requireNonNull(inputs.get("c")).buffer().put((byte) 1);
            Objects.requireNonNull(inputs.get("x")).buffer().putFloat(2);

            TensorBuffer product = Objects.requireNonNull(session.run(inputs).get("y"));

            assertThat(product.buffer().getFloat()).isEqualTo(5 * 0.5f * 2);
        }
    }

    private static ModelProto.Builder branching(GraphProto.Builder then) {
        GraphProto otherwise = GraphProto.newBuilder()
                .setName("else")
                .addNode(node("Neg", "x", "e"))
                .addOutput(ValueInfoProto.newBuilder(OnnxModels.value("e", IMAGE)))
                .build();
        NodeProto branch = node("If", "c", "y").toBuilder()
                .addAttribute(subgraph("then_branch", then.build()))
                .addAttribute(subgraph("else_branch", otherwise))
                .build();
        return model(graph(
                        IMAGE,
                        node("ReduceMax", "x", "m", OnnxModels.integer("keepdims", 0)),
                        node("Greater", "m z", "c"),
                        branch)
                .addInitializer(constant("z", 0)));
    }

    @Test
    void givesEqualModelsEqualDigests() {
        Path one = OnnxModels.write(directory, "one.onnx", convolution());
        Path other = OnnxModels.write(directory, "other.onnx", convolution());

        ModelPackage first = ModelFolder.fold(one, FoldOptions.DEFAULTS, directory.resolve("a"));
        ModelPackage second = ModelFolder.fold(other, FoldOptions.DEFAULTS, directory.resolve("b"));

        assertThat(first.digest()).isEqualTo(second.digest());
    }

    @Test
    void reportsWhatFoldingGains() {
        Path model = write(convolution());

        FoldReport report = FoldReport.measure(model, fold(convolution()), 3, 1);

        assertThat(report.layersBefore()).isEqualTo(2);
        assertThat(report.layersAfter()).isEqualTo(1);
        assertThat(report.gain()).isPositive();
    }

    private static AttributeProto subgraph(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }
}
