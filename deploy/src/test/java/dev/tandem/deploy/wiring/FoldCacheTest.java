package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldCacheTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void findsAModelThatAnEarlierCommandFolded() throws IOException {
        Path model = ZooModel.TANDEM_MINI
                .write(directory.resolve("mini.onnx"), ZooOptions.defaults())
                .file();
        TandemSettings settings = SettingsLoader.load().settings();
        ModelPackage first = FoldCache.fold(model, DimensionValues.DEFAULTS);
        FileTime past = FileTime.fromMillis(0);
        Files.setLastModifiedTime(first.skeleton(), past);

        ModelPackage second = FoldCache.fold(model, DimensionValues.DEFAULTS);

        assertThat(second.directory()).isEqualTo(first.directory()).hasParent(FoldCache.directory(settings));
        assertThat(Files.getLastModifiedTime(second.skeleton())).isEqualTo(past);
        assertThat(FoldCache.directory(settings))
                .isEqualTo(Path.of(System.getProperty("tandem.node.data-directory"), "folded"));
    }

    @Test
    void heedsTheSettingsFileOfTheCommand() throws IOException {
        Path model = ZooModel.TANDEM_MINI
                .write(directory.resolve("mini.onnx"), ZooOptions.defaults())
                .file();
        Path file = Files.writeString(directory.resolve("bad.conf"), "tandem.node.memory = lots");

        assertThatThrownBy(() -> FoldCache.fold(model, DimensionValues.DEFAULTS, Optional.of(file)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("bad.conf");
    }
}
