package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.inference.onnx.ModelRefusedException;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListedModelTest {

    private Path folder = Path.of("");

    @BeforeEach
    void writeModels(@TempDir Path directory) throws IOException {
        folder = directory;
        for (int seed = 1; seed <= 2; seed++) {
            ZooModel.TANDEM_MINI.write(
                    directory.resolve("mini-" + seed + ".onnx"),
                    ZooOptions.defaults().withSeed(seed));
        }
    }

    @Test
    void goesByTheNameOfTheListAndIsDividedAsThatSays() throws IOException {
        ListedModel model =
                read("{ file = mini-1.onnx, name = a, scheme = rows, nodes = 3, shards = 2, objective = energy }");

        assertThat(model.model().graph().name()).isEqualTo("a");
        assertThat(model.order().scheme()).contains(Scheme.ROWS);
        assertThat(model.order().objective()).contains(Objective.ENERGY);
        assertThat(model.order().maxNodes()).isEqualTo(3);
        assertThat(model.order().shards()).isEqualTo(2);
        assertThat(model.offered().profile().profile().kernels().size())
                .isEqualTo(model.model().graph().layers().size());
    }

    @Test
    void leavesToTheClusterWhatIsLeftOpen() throws IOException {
        ListedModel model = read("mini-1.onnx");

        assertThat(model.model().graph().name()).isEqualTo("mini-1");
        assertThat(model.order().scheme()).isEqualTo(Optional.empty());
        assertThat(model.order().objective()).isEqualTo(Optional.empty());
        assertThat(model.order().maxNodes()).isZero();
    }

    @Test
    void isAnotherWhenItsSettingsOrTheContentOfItsFileHaveChanged() throws IOException {
        String listed = "{ file = mini-1.onnx, name = a }";
        ListedModel before = read(listed);

        assertThat(read(listed).isLike(before)).isTrue();
        assertThat(read("{ file = mini-1.onnx, name = a, scheme = single }").isLike(before))
                .isFalse();
        assertThat(read("{ file = mini-2.onnx, name = a }").isLike(before)).isFalse();
        Files.copy(folder.resolve("mini-2.onnx"), folder.resolve("mini-1.onnx"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(read(listed).isLike(before)).isFalse();
    }

    @Test
    void refusesFilesThatAreNotWhatTheyAreSaidToBe() throws IOException {
        Files.writeString(folder.resolve("other"), "{}");
        Files.write(folder.resolve("p.json"), Profiles.of("digest", "cpu", 0.1).write());

        assertThatThrownBy(() -> read("other")).isInstanceOf(ModelRefusedException.class);
        assertThatThrownBy(() -> read("{ file = mini-1.onnx, plan = other }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve("other") + ": plan is not readable");
        assertThatThrownBy(() -> read("{ file = mini-1.onnx, profile = other }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve("other") + ": ");
        ListedModel withAnothersProfile = read("{ file = mini-1.onnx, profile = p.json }");
        assertThatThrownBy(withAnothersProfile::offered)
                .hasMessageContaining("p.json is of model m with digest digest, but the model is mini-1");
        assertThatThrownBy(() -> read("{ file = mini-1.onnx, dimensions = [\"height=3\"] }"))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining("dimension 'height' must be a dynamic one");
    }

    private ListedModel read(String listed) throws IOException {
        Path file = Files.writeString(
                folder.resolve("tandem.conf"),
                "tandem { gateway.models = [" + listed + "], node.data-directory = \"" + folder + "\" }");
        TandemSettings settings =
                SettingsLoader.load(Optional.of(file), ConfigFactory.empty()).settings();
        return ListedModel.read(settings.gateway().models().get(0), settings);
    }
}
