package dev.tandem.core.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelGraphTest {

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"UINT16", "UINT32", "UINT64"})
    void refusesCutsThroughTensorsThatNoSessionTakes(ElementType type) {
        ModelGraph graph = chain(type);

        assertThat(graph.allowedCuts()).isEmpty();
        assertThat(graph.cuts()).singleElement().satisfies(cut -> assertThat(cut.refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("tensor 'w' is " + type)));
    }

    @Test
    void allowsCutsThroughOtherTensors() {
        assertThat(chain(ElementType.INT32).allowedCuts()).hasSize(1);
    }

    private static ModelGraph chain(ElementType between) {
        TensorSpec in = new TensorSpec("x", ElementType.FLOAT, List.of(1, 4));
        TensorSpec middle = new TensorSpec("w", between, List.of(1, 4));
        TensorSpec out = new TensorSpec("y", ElementType.FLOAT, List.of(1, 4));
        return new ModelGraph(
                "chain",
                "digest",
                List.of(in),
                List.of(out),
                List.of(cast(0, "x", "w"), cast(1, "w", "y")),
                Map.of("x", in, "w", middle, "y", out));
    }

    private static Layer cast(int index, String from, String to) {
        return new Layer(
                index, "cast" + index, "Cast", List.of(from), List.of(to), 0, 0, new AxisGeometry.Whole("no rows"));
    }
}
