package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CreditSerializerTest {

    private static final Credit CREDIT = new Credit(new Route(Long.MAX_VALUE, 3, 70_000), 1L << 40);

    private final CreditSerializer serializer = new CreditSerializer();

    @Test
    void readsWhatItWroteToBuffer() throws Exception {
        ByteBuffer shared =
                ByteBuffer.allocateDirect(100).order(ByteOrder.BIG_ENDIAN).position(13);

        serializer.toBinary(CREDIT, shared);
        shared.flip().position(13);

        assertThat(serializer.fromBinary(shared, serializer.manifest(CREDIT))).isEqualTo(CREDIT);
        assertThat(shared.hasRemaining()).isFalse();
        assertThat(shared.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void readsWhatItWroteToArray() throws Exception {
        byte[] array = serializer.toBinary(CREDIT);

        assertThat(array).hasSize(24);
        assertThat(serializer.fromBinary(array, "k1")).isEqualTo(CREDIT);
    }

    @Test
    void rejectsUnknownManifest() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[24], "k2"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("'k2'");
    }

    @Test
    void rejectsBytesCutAnywhereAndLanesBelowZero() {
        byte[] array = serializer.toBinary(CREDIT);
        for (int length = 0; length < array.length; length++) {
            byte[] cut = Arrays.copyOf(array, length);
            assertThatThrownBy(() -> serializer.fromBinary(cut, "k1")).isInstanceOf(NotSerializableException.class);
        }
        array[11] = -1;
        assertThatThrownBy(() -> serializer.fromBinary(array, "k1"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("must not be negative");
    }

    @Test
    void rejectsOtherMessages() {
        assertThatThrownBy(() -> serializer.toBinary("text")).isInstanceOf(IllegalArgumentException.class);
    }
}
