package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooFileTest {

    private static final ZooOptions DEFAULTS = ZooOptions.defaults();

    private final Path folder;

    ZooFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void sameOptionsGiveTheSameBytesAndAnotherSeedOthers() throws IOException {
        Path first = folder.resolve("first.onnx");
        Path second = folder.resolve("second.onnx");
        Path other = folder.resolve("other.onnx");

        ZooModel.TANDEM_MINI.write(first, DEFAULTS);
        ZooModel.TANDEM_MINI.write(second, DEFAULTS);
        ZooModel.TANDEM_MINI.write(other, DEFAULTS.withSeed(2));

        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Files.mismatch(first, other)).isNotNegative();
    }

    /** Fixes the file for good: recorded experiments name models by their digest. */
    @Test
    void tandemMiniNeverChanges() throws IOException {
        Path file = folder.resolve("mini.onnx");

        ZooModel.TANDEM_MINI.write(file, DEFAULTS);

        assertThat(file).hasDigest("SHA-256", "57978817f69f76f325e809da1db60f8717cb5d2e2d64c446987f54ad20083982");
    }

    @Test
    void smallModelIsOneFileWithItsWeightsInside() throws IOException {
        Path file = folder.resolve("mini.onnx");

        ZooReport report = ZooModel.TANDEM_MINI.write(file, DEFAULTS);

        ModelProto model = read(file);
        assertThat(files()).containsExactly("mini.onnx");
        assertThat(report.bytes()).isEqualTo(Files.size(file));
        assertThat(report.file()).isEqualTo(file);
        assertThat(report.parameters())
                .isEqualTo(ZooModel.TANDEM_MINI.count(DEFAULTS).parameters());
        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
        assertThat(model.getGraph().getInitializerList())
                .allSatisfy(weight -> assertThat(weight.getRawData().size()).isEqualTo(bytes(weight)));
    }

    @Test
    void namesInputAndOutputAndKeepsBatchNormApart() throws IOException {
        Path file = folder.resolve("model.onnx");

        ZooModel.RESNET_18.write(file, DEFAULTS.withBatch(2).withResolution(64));

        ModelProto model = read(file);
        Map<String, Long> operators = model.getGraph().getNodeList().stream()
                .collect(Collectors.groupingBy(NodeProto::getOpType, Collectors.counting()));
        assertThat(operators).containsEntry("Conv", 20L).containsEntry("BatchNormalization", 20L);
        assertThat(model.getGraph().getNodeList())
                .extracting(NodeProto::getName)
                .contains("layer1.0.conv1", "layer4.1.bn2")
                .doesNotHaveDuplicates();
        assertThat(model.getGraph().getInput(0).getName()).isEqualTo("input");
        assertThat(model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDimList())
                .extracting(dimension -> dimension.getDimValue())
                .containsExactly(2L, 3L, 64L, 64L);
        assertThat(model.getGraph().getOutput(0).getName()).isEqualTo("output");
    }

    @Test
    void largeModelKeepsItsWeightsBesideItAtPageBoundaries() throws IOException {
        Path file = folder.resolve("resnet.onnx");

        ZooReport report = ZooModel.RESNET_50.write(file, DEFAULTS);

        Path data = folder.resolve("resnet.onnx.data");
        assertThat(files()).containsExactlyInAnyOrder("resnet.onnx", "resnet.onnx.data");
        assertThat(report.bytes()).isEqualTo(Files.size(file) + Files.size(data));
        assertThat(Files.size(file)).isLessThan(200_000);
        long end = 0;
        for (TensorProto weight : read(file).getGraph().getInitializerList()) {
            Map<String, String> place = weight.getExternalDataList().stream()
                    .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
            long offset = Long.parseLong(place.get("offset"));
            assertThat(place).containsEntry("location", "resnet.onnx.data");
            assertThat(Long.parseLong(place.get("length"))).isEqualTo(bytes(weight));
            assertThat(offset % 4096).isZero();
            assertThat(offset).isGreaterThanOrEqualTo(end);
            end = offset + bytes(weight);
        }
        assertThat(end).isEqualTo(Files.size(data));
    }

    @Test
    void replacesAnEarlierFile() throws IOException {
        Path file = folder.resolve("mini.onnx");
        Files.writeString(file, "something else");

        ZooModel.TANDEM_MINI.write(file, DEFAULTS);

        assertThat(read(file).getProducerName()).isEqualTo("tandem");
        assertThat(files()).containsExactly("mini.onnx");
    }

    @Test
    void leavesNothingHalfWrittenWhenTheDataFileCannotBePutInPlace() throws IOException {
        Path file = folder.resolve("resnet.onnx");
        Files.createDirectories(folder.resolve("resnet.onnx.data").resolve("occupied"));

        assertThatThrownBy(() -> ZooModel.RESNET_50.write(file, DEFAULTS)).isInstanceOf(FileSystemException.class);

        assertThat(files()).containsExactly("resnet.onnx.data");
    }

    @Test
    void refusesAFolderThatDoesNotExist() {
        Path file = folder.resolve("absent").resolve("mini.onnx");

        assertThatThrownBy(() -> ZooModel.TANDEM_MINI.write(file, DEFAULTS))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("absent must exist. Maybe create it first.");
    }

    @Test
    void refusesToReplaceAFolder() {
        assertThatThrownBy(() -> ZooModel.TANDEM_MINI.write(folder, DEFAULTS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be a file, but a folder has this name");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static ModelProto read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ModelProto.parseFrom(in);
        }
    }

    private static long bytes(TensorProto weight) {
        return weight.getDimsList().stream().reduce(1L, Math::multiplyExact) * Float.BYTES;
    }
}
