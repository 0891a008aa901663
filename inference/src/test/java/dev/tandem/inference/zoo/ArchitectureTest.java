package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the graph of every model, seen without drawing weights. */
class ArchitectureTest {

    @ParameterizedTest
    @EnumSource
    void namesEveryNodeTensorAndWeightOnce(ZooModel model) {
        BuiltGraph built = model.build(ZooOptions.defaults());
        GraphProto graph = built.graph();

        List<String> tensors = Stream.of(
                        Stream.of("input"),
                        built.weights().stream().map(Weight::name),
                        graph.getInitializerList().stream().map(TensorProto::getName),
                        graph.getNodeList().stream().flatMap(node -> node.getOutputList().stream()))
                .flatMap(names -> names)
                .toList();
        assertThat(tensors).doesNotHaveDuplicates().contains("output");
        assertThat(graph.getNodeList()).extracting(NodeProto::getName).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void listsNodesAfterTheirInputsAndLeavesNoTensorUnused(ZooModel model) {
        BuiltGraph built = model.build(ZooOptions.defaults().withBatch(2));
        GraphProto graph = built.graph();
        Set<String> known = new HashSet<>(Set.of("input"));
        built.weights().forEach(weight -> known.add(weight.name()));
        graph.getInitializerList().forEach(constant -> known.add(constant.getName()));

        Set<String> used = new HashSet<>(Set.of("output"));
        for (NodeProto node : graph.getNodeList()) {
            assertThat(known).as("known before %s", node.getName()).containsAll(node.getInputList());
            known.addAll(node.getOutputList());
            used.addAll(node.getInputList());
        }
        assertThat(used).isEqualTo(known);
    }

    @ParameterizedTest
    @EnumSource
    void keepsStatisticsPositive(ZooModel model) {
        assertThat(model.build(ZooOptions.defaults()).weights())
                .filteredOn(weight -> weight.name().endsWith(".running_var"))
                .extracting(Weight::fill)
                .allSatisfy(fill ->
                        assertThat(((Weight.Fill.Uniform) fill).centre()).isGreaterThan(0.01));
    }
}
