package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorProtoFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsRawElements() throws IOException {
        ByteBuffer raw = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2);
        TensorValue value =
                read(tensor(DataType.FLOAT, 1, 2).setName("x").setRawData(ByteString.copyFrom(raw.array())));

        assertThat(value.spec()).isEqualTo(new TensorSpec("x", ElementType.FLOAT, List.of(1, 2)));
        assertThat(value.element(0)).isEqualTo(1.5);
        assertThat(value.element(1)).isEqualTo(-2);
    }

    @Test
    void readsElementsFromTypedFields() throws IOException {
        assertThat(read(tensor(DataType.FLOAT, 1).addFloatData(0.5f)).element(0))
                .isEqualTo(0.5);
        assertThat(read(tensor(DataType.DOUBLE, 1).addDoubleData(0.25)).element(0))
                .isEqualTo(0.25);
        assertThat(read(tensor(DataType.INT64, 1).addInt64Data(-7)).element(0)).isEqualTo(-7);
        assertThat(read(tensor(DataType.UINT32, 1).addUint64Data(4_000_000_000L))
                        .element(0))
                .isEqualTo(4e9);
        assertThat(read(tensor(DataType.UINT8, 1).addInt32Data(200)).element(0)).isEqualTo(200);
        assertThat(read(tensor(DataType.INT8, 1).addInt32Data(-3)).element(0)).isEqualTo(-3);
        assertThat(read(tensor(DataType.FLOAT16, 1).addInt32Data(0x3C00)).element(0))
                .isEqualTo(1);
    }

    @Test
    void refusesAWrongNumberOfElements() {
        assertThatThrownBy(() -> read(tensor(DataType.FLOAT, 3).addFloatData(1)))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContaining("holds 1 elements")
                .hasMessageContaining("need 3");
        assertThatThrownBy(() -> read(tensor(DataType.FLOAT, 3).setRawData(ByteString.copyFrom(new byte[8]))))
                .hasMessageContaining("holds 8 bytes");
    }

    @Test
    void refusesStringsExternalDataAndRubbish() throws IOException {
        assertThatThrownBy(() -> read(tensor(DataType.STRING, 1))).hasMessageContaining("element type");
        assertThatThrownBy(() -> read(tensor(DataType.FLOAT, 1).setDataLocation(DataLocation.EXTERNAL)))
                .hasMessageContaining("external data");
        Path rubbish = Files.writeString(folder.resolve("r.pb"), "certainly not a tensor");
        assertThatThrownBy(() -> TensorProtoFile.read(rubbish)).isInstanceOf(TensorFileException.class);
        assertThatThrownBy(() -> TensorProtoFile.read(folder.resolve("none.pb")))
                .hasMessageContaining("no such file");
    }

    private static TensorProto.Builder tensor(DataType type, long... shape) {
        TensorProto.Builder builder = TensorProto.newBuilder().setDataType(type.getNumber());
        for (long extent : shape) {
            builder.addDims(extent);
        }
        return builder;
    }

    private TensorValue read(TensorProto.Builder tensor) throws IOException {
        Path file = folder.resolve("x.pb");
        Files.write(file, tensor.build().toByteArray());
        return TensorProtoFile.read(file);
    }
}
