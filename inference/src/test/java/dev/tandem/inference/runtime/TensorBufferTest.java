package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorBufferTest {
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64"})
    void holdsEveryTypeThatTheBindingKnows(ElementType type) {
        TensorSpec spec = new TensorSpec("x", type, List.of(2, 3));
        try (TensorBuffer tensor = TensorBuffer.allocate(spec)) {
            ByteBuffer buffer = tensor.buffer();

            assertThat(tensor.spec()).isEqualTo(spec);
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(buffer.capacity()).isEqualTo(spec.bytes());
            assertThat(buffer.alignmentOffset(0, 64)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
    void refusesTypesThatTheBindingCannotMake(ElementType type) {
        TensorSpec spec = new TensorSpec("x", type, List.of(2));

        assertThatThrownBy(() -> TensorBuffer.allocate(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("type (" + type + ") of tensor 'x'");
    }

    @Test
    void refusesTwoGibibytes() {
        TensorSpec spec = new TensorSpec("x", ElementType.FLOAT, List.of(1 << 29));

        assertThatThrownBy(() -> TensorBuffer.allocate(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size (2147483648 bytes)");
    }

    @Test
    void givesViewsOfTheSameContentWithTheirOwnPositions() {
        try (TensorBuffer tensor = Tensors.floats(List.of(2))) {
            ByteBuffer view = tensor.buffer();
            view.putFloat(5);

            assertThat(tensor.buffer().position()).isZero();
            assertThat(tensor.buffer().getFloat()).isEqualTo(5);
        }
    }

    @Test
    void refusesUseAfterClose() {
        TensorBuffer tensor = Tensors.floats(List.of(2));
        tensor.close();
        tensor.close();

        assertThatThrownBy(tensor::buffer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 'tensor' is closed and can no longer be used.");
    }

    @Test
    void livesUntilTheLastRunLetsGo() {
        TensorBuffer tensor = Tensors.floats(List.of(2));
        var held = tensor.hold();

        tensor.close();

        assertThat(held.isClosed()).isFalse();
        tensor.release();
        assertThat(held.isClosed()).isTrue();
    }
}
