package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.graph.GraphTensors;
import dev.tandem.inference.graph.NodeInputs;
import dev.tandem.inference.onnx.ModelPackage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a segment, or a shard's region of one, out of a folded model as an ONNX graph of its own.
 *
 * <p>The result has the nodes of the segment's layers, what their constants come from, and only the weights that they
 * read; larger weights stay in their files. Nothing of the model's weights is read here.
 */
public final class SegmentExtractor {

    private SegmentExtractor() {}

    /** The segment with all its rows. */
    public static SegmentModel extract(ModelProto skeleton, ModelGraph graph, Segment segment) {
        return extract(skeleton, graph, segment, new ShardRegions(Map.of(), Map.of()));
    }

    /**
     * The part of the segment that computes the given regions of its outputs from the given regions of its inputs.
     *
     * @param skeleton folded model; each layer's node, or part of a lowered node, has the layer's name, weights of 1 KiB and more are in files of their
     *     own, named by the SHA-256 of their content
     * @param regions tensors that are not named are whole, and inputs that are neither named nor needed are not asked for
     * @throws dev.tandem.core.region.NotDivisibleException when a layer cannot be computed in such parts
     * @throws IllegalArgumentException when an input region lacks rows that the outputs need, or skeleton and graph do not
     *     belong together
     */
    public static SegmentModel extract(ModelProto skeleton, ModelGraph graph, Segment segment, ShardRegions regions) {
        Skeleton source = new Skeleton(skeleton, graph);
        boolean whole = isWhole(graph, graph.inputs(segment), regions.inputs())
                && isWhole(graph, graph.outputs(segment), regions.outputs());
        Part part =
                whole ? copy(source, graph, segment) : new RegionRewriter(source, graph, segment, regions).rewrite();
        return assemble(source, graph, segment, regions, part);
    }

    private static boolean isWhole(ModelGraph graph, List<TensorSpec> tensors, Map<String, Region> regions) {
        return tensors.stream().allMatch(tensor -> region(tensor, regions).covers(graph.tensor(tensor.name())));
    }

    private static Region region(TensorSpec tensor, Map<String, Region> regions) {
        return regions.getOrDefault(tensor.name(), Region.WHOLE);
    }

    private static Part copy(Skeleton source, ModelGraph graph, Segment segment) {
        List<NodeProto> nodes = source.restored(graph.layers(segment)).stream()
                .map(Skeleton.Step::node)
                .toList();
        Set<String> constants = new LinkedHashSet<>();
        nodes.forEach(node -> constants.addAll(NodeInputs.of(node)));
        constants.removeIf(graph.tensors()::containsKey);
        return new Part(nodes, constants, List.of(), List.of(), graph.inputs(segment));
    }

    private static SegmentModel assemble(
            Skeleton source, ModelGraph graph, Segment segment, ShardRegions regions, Part part) {
        List<TensorSpec> inputs = part.inputs().stream()
                .map(tensor -> region(tensor, regions.inputs()).of(tensor))
                .toList();
        List<TensorSpec> outputs = graph.outputs(segment).stream()
                .map(tensor -> region(tensor, regions.outputs()).of(tensor))
                .toList();
        Skeleton.Origins origins = source.origins(part.constants());
        GraphProto.Builder proto = GraphProto.newBuilder()
                .setName(graph.name() + "[" + segment.from() + "," + segment.to() + ")")
                .addAllNode(origins.nodes())
                .addAllNode(part.nodes())
                .addAllInitializer(origins.initialisers());
        List<TensorProto> weights = new ArrayList<>(GraphTensors.of(proto.build()));
        weights.addAll(part.cut());
        proto.addAllInitializer(part.added());
        inputs.forEach(tensor -> proto.addInput(Declarations.of(tensor)));
        outputs.forEach(tensor -> proto.addOutput(Declarations.of(tensor)));
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(source.model().getIrVersion())
                .setProducerName("tandem")
                .addAllOpsetImport(source.model().getOpsetImportList())
                .addAllFunctions(source.model().getFunctionsList())
                .setGraph(proto)
                .build();
        return new SegmentModel(model, ModelPackage.weights(weights), inputs, outputs);
    }

    /**
     * What a segment's graph consists of.
     *
     * @param nodes in an order in which they can run
     * @param constants names of the model's constants that they read
     * @param added constants that the model does not have
     * @param cut the model's initialisers of which some of those are parts
     * @param inputs the segment's inputs, whole, that the graph takes
     */
    record Part(
            List<NodeProto> nodes,
            Set<String> constants,
            List<TensorProto> added,
            List<TensorProto> cut,
            List<TensorSpec> inputs) {}
}
