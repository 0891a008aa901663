package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void findsNoDifferenceBetweenEqualTensors() {
        Comparison comparison = Comparison.of(floats(1, Float.NaN, -0.0f), floats(1, Float.NaN, 0.0f));

        assertThat(comparison).isEqualTo(Comparison.EQUAL);
        assertThat(comparison.isWithin(0)).isTrue();
    }

    @Test
    void relatesTheLargestDifferenceToTheRange() {
        Comparison comparison = Comparison.of(floats(-10, 0, 10), floats(-10, 0.5f, 10.25f));

        assertThat(comparison.maxAbsError()).isEqualTo(0.5);
        assertThat(comparison.maxRelError()).isCloseTo(0.025, within(1e-12));
        assertThat(comparison.isWithin(0.02)).isFalse();
        assertThat(comparison.isWithin(0.03)).isTrue();
    }

    @Test
    void failsWhereOnlyOneIsNotANumber() {
        Comparison comparison = Comparison.of(floats(1, 2), floats(1, Float.NaN));

        assertThat(comparison.isWithin(1e9)).isFalse();
        assertThat(comparison.problem())
                .hasValueSatisfying(text -> assertThat(text).contains("element 1 is NaN"));
    }

    @Test
    void treatsInfinitiesOfOneSignAsEqual() {
        float up = Float.POSITIVE_INFINITY;

        assertThat(Comparison.of(floats(up, 1, 2), floats(up, 1, 2.5f)).maxAbsError())
                .isEqualTo(0.5);
        assertThat(Comparison.of(floats(up, 1), floats(-up, 1)).isWithin(1)).isFalse();
    }

    @Test
    void failsOnAnotherShapeOrType() {
        TensorValue flat = TensorValue.ofFloats("y", List.of(4), 1, 2, 3, 4);
        TensorValue square = TensorValue.ofFloats("y", List.of(2, 2), 1, 2, 3, 4);

        assertThat(Comparison.of(flat, square).isWithin(1)).isFalse();
    }

    @Test
    void seesDifferencesOfLongIntegersThatDoublesCannotHold() {
        assertThat(Comparison.of(longs(1L << 60), longs((1L << 60) + 1)).isWithin(0))
                .isFalse();
    }

    @Test
    void allowsNoDifferenceOfIntegersWhateverTheTolerance() {
        Comparison comparison = Comparison.of(longs(1000), longs(1001));

        assertThat(comparison.maxAbsError()).isEqualTo(1);
        assertThat(comparison.isWithin(1)).isFalse();
        assertThat(comparison.problem())
                .hasValueSatisfying(text -> assertThat(text).contains("no tolerance"));
    }

    @Test
    void keepsTheWorstOfSeveral() {
        Comparison worst = Comparison.of(floats(0, 1), floats(0, 1.5f)).worst(Comparison.EQUAL);

        assertThat(worst.maxAbsError()).isEqualTo(0.5);
    }

    private static TensorValue floats(float... elements) {
        return TensorValue.ofFloats("y", List.of(elements.length), elements);
    }

    private static TensorValue longs(long element) {
        TensorValue value = TensorValue.allocate(new TensorSpec("y", ElementType.INT64, List.of(1)));
        value.buffer().putLong(element);
        return value;
    }
}
