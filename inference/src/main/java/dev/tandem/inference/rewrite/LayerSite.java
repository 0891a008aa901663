package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.inference.graph.NodeAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One layer on its way into a shard's graph: what a {@link RowRule} needs to know of it.
 *
 * @param node the layer's node in the whole model
 * @param rows rows of the outputs that are to be computed; {@code [0,1)} where the outputs have no rows to divide
 * @param wanted rows that the segment's outputs are to have
 */
record LayerSite(
        Skeleton source,
        ModelGraph graph,
        Layer layer,
        NodeProto node,
        Interval rows,
        ShardGraph shard,
        Map<String, Interval> wanted) {

    NotDivisibleException refusal(String reason) {
        return new NotDivisibleException("layer '" + layer.name() + "' (" + layer.operator() + ") " + reason);
    }

    /** The activation that the node reads first. */
    TensorSpec data() {
        return graph.tensor(node.getInput(0));
    }

    TensorSpec output() {
        return graph.tensor(node.getOutput(0));
    }

    NodeAttributes attributes() {
        return new NodeAttributes(node);
    }

    boolean isConstant(String input) {
        return !input.isEmpty() && !graph.tensors().containsKey(input);
    }

    /** Rows of an input that the wanted rows of the outputs need. */
    Interval needed(TensorSpec input) {
        return layer.geometry().inputRows(rows, input.rows());
    }

    /** Dimensions of a constant, where they can be told. */
    Optional<List<Long>> dimensions(String constant) {
        return source.constants().shape(constant);
    }

    /** The node with its inputs cut to what is needed, still without outputs. */
    NodeProto.Builder rewired() {
        NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
        node.getInputList().forEach(input -> copy.addInput(wired(input)));
        return copy;
    }

    private String wired(String input) {
        if (input.isEmpty() || isConstant(input)) {
            return input;
        }
        TensorSpec tensor = graph.tensor(input);
        return shard.rows(input, ReceptiveField.isDivisible(tensor) ? needed(tensor) : Interval.EMPTY);
    }

    /** Adds the node as it is, with all its rows; for layers that read nothing with rows. */
    void emitUnchanged() {
        emit(node.toBuilder().clearOutput(), this::all);
    }

    private Interval all(String output) {
        TensorSpec tensor = graph.tensor(output);
        return tensor.isFeatureMap() ? new Interval(0, tensor.rows()) : Interval.EMPTY;
    }

    /** Adds a node that computes just the wanted rows. */
    void emit(NodeProto.Builder rewired) {
        emit(rewired, rows);
    }

    /** Adds a node that computes at least the wanted rows; what is beyond them is cut off. */
    void emit(NodeProto.Builder rewired, Interval computed) {
        emit(rewired, output -> computed);
    }

    private void emit(NodeProto.Builder rewired, Function<String, Interval> computed) {
        for (String output : node.getOutputList()) {
            boolean known = graph.tensors().containsKey(output);
            rewired.addOutput(known ? outputName(output, computed.apply(output)) : output);
        }
        shard.add(rewired.build());
        layer.outputs().forEach(output -> declare(output, computed.apply(output)));
    }

    private void declare(String output, Interval computed) {
        if (!ReceptiveField.isDivisible(graph.tensor(output))) {
            shard.hold(output, Interval.EMPTY);
            return;
        }
        shard.hold(output, outputName(output, computed), computed);
        Interval given = wanted.getOrDefault(output, computed);
        if (!given.equals(computed)) {
            shard.nameRows(output, given, output);
        }
    }

    /** A segment's output goes by its own name only with the rows that the shard owns. */
    private String outputName(String output, Interval computed) {
        return computed.equals(wanted.getOrDefault(output, computed)) ? output : output + "::computed";
    }
}
