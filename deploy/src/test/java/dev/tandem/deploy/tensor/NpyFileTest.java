package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class NpyFileTest {

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource(value = ElementType.class, mode = Mode.EXCLUDE, names = "BFLOAT16")
    void readsWhatItWrote(ElementType type) throws IOException {
        TensorValue value = TensorValue.allocate(new TensorSpec("x", type, List.of(2, 3, 4)));
        byte[] content = new byte[value.buffer().capacity()];
        new Random(7).nextBytes(content);
        value.buffer().put(content);
        Path file = folder.resolve("x.npy");

        NpyFile.write(file, value);
        TensorValue read = NpyFile.read(file, "x");

        assertThat(read.spec()).isEqualTo(value.spec());
        assertThat(read.buffer()).isEqualTo(value.buffer());
    }

    @Test
    void writesTheHeaderThatNumpyWrites() throws IOException {
        Path file = folder.resolve("x.npy");

        NpyFile.write(file, TensorValue.ofFloats("x", List.of(3), 1, 2, 3));

        byte[] bytes = Files.readAllBytes(file);
        String header = new String(bytes, 10, 118, StandardCharsets.ISO_8859_1);
        assertThat(header)
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }")
                .endsWith("\n");
        assertThat(bytes).hasSize(128 + 12);
    }

    @Test
    void readsScalarsAndEmptyTensors() throws IOException {
        Path file = folder.resolve("x.npy");

        NpyFile.write(file, TensorValue.ofFloats("x", List.of(), 5));
        assertThat(NpyFile.read(file, "x").spec().shape()).isEmpty();
        assertThat(NpyFile.read(file, "x").element(0)).isEqualTo(5);

        NpyFile.write(file, TensorValue.ofFloats("x", List.of(0, 4)));
        assertThat(NpyFile.read(file, "x").spec().shape()).containsExactly(0, 4);
    }

    @Test
    void readsBigEndianAndTheLongHeaderOfVersionTwo() throws IOException {
        byte[] elements = ByteBuffer.allocate(8).putInt(1).putInt(-2).array();
        Path file = write(2, "{'descr': '>i4', 'fortran_order': False, 'shape': (2, 1), }", elements);

        TensorValue value = NpyFile.read(file, "x");

        assertThat(value.spec()).isEqualTo(new TensorSpec("x", ElementType.INT32, List.of(2, 1)));
        assertThat(value.element(0)).isEqualTo(1);
        assertThat(value.element(1)).isEqualTo(-2);
    }

    @Test
    void refusesFortranOrder() throws IOException {
        Path file = write(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", new byte[16]);

        assertThatThrownBy(() -> NpyFile.read(file, "x"))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContainingAll("x.npy", "Fortran order", "ascontiguousarray");
    }

    @Test
    void takesFortranOrderWhereItMakesNoDifference() throws IOException {
        Path file = write(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (3,), }", new byte[] {1, 2, 3});

        assertThat(NpyFile.read(file, "x").element(2)).isEqualTo(3);
    }

    @Test
    void refusesElementTypesThatNoModelTakes() throws IOException {
        Path complex = write(1, "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", new byte[8]);
        assertThatThrownBy(() -> NpyFile.read(complex, "x")).hasMessageContainingAll("'c8'", "f4");

        Path fields = write(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", new byte[4]);
        assertThatThrownBy(() -> NpyFile.read(fields, "x")).hasMessageContaining("plain element type");
    }

    @Test
    void refusesTruncationAtAnyPlace() throws IOException {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, TensorValue.ofFloats("x", List.of(3), 1, 2, 3));
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NpyFile.read(file, "x"))
                    .as("length %d", length)
                    .isInstanceOf(TensorFileException.class)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void refusesWhatIsNoNpyFile() throws IOException {
        Path text = Files.writeString(folder.resolve("a.npy"), "hello, this is text");
        assertThatThrownBy(() -> NpyFile.read(text, "x")).hasMessageContaining("not a .npy file");

        Path longer = write(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", new byte[4]);
        assertThatThrownBy(() -> NpyFile.read(longer, "x")).hasMessageContaining("too long");

        assertThatThrownBy(() -> NpyFile.read(folder.resolve("none.npy"), "x"))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContaining("no such file");
    }

    private Path write(int version, String header, byte[] elements) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer buffer =
                ByteBuffer.allocate(12 + text.length + elements.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            buffer.putShort((short) text.length);
        } else {
            buffer.putInt(text.length);
        }
        buffer.put(text).put(elements);
        byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
        return Files.write(folder.resolve("x.npy"), bytes);
    }
}
