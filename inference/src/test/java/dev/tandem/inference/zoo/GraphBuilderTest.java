package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GraphBuilderTest {

    private final GraphBuilder graph = new GraphBuilder("test", 1e-5f);
    private final Value image = graph.image(1, 3, 8);

    @Test
    void tensorFlowPadsGoToTheBottomAndRightFirst() {
        Window halving = Window.of(3).withStride(2).paddedLikeTensorFlow(8, 7);

        assertThat(halving.pads()).containsExactly(0L, 1L, 1L, 1L);
        assertThat(halving.outputHeight(8)).isEqualTo(4);
        assertThat(halving.outputWidth(7)).isEqualTo(4);
    }

    @Test
    void reluHalvesThePowerOfTheStandardDistributionAndMovesItsMean() {
        Value rectified = graph.relu("relu", image);

        assertThat(rectified.moments().power()).isCloseTo(0.5, within(1e-4));
        assertThat(rectified.moments().mean()).isCloseTo(1 / Math.sqrt(2 * Math.PI), within(1e-3));
    }

    @Test
    void refusesToAddUnequalShapes() {
        Value half = graph.maxPool("pool", image, Window.of(2).withStride(2));

        assertThatThrownBy(() -> graph.add("sum", image, half))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sum: shape [1, 3, 4, 4] of pool must equal shape [1, 3, 8, 8] of input.");
    }

    @Test
    void refusesAResultThatIsNotTheLastNodes() {
        Value first = graph.relu("first", image);
        graph.relu("second", first);

        assertThatThrownBy(() -> graph.finish(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("result (first) must be the output of the last node, second.");
    }
}
