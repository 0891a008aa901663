package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {

    private static final String HINT =
            "A relative path starts at the folder of the settings file, or at the working directory"
                    + " if it is from an environment variable.";

    private static final String EVERY_KEY =
            """
            { file = /m/net.onnx, name = a, dimensions = ["height=224", "x[0]=2"], nodes = 3, scheme = rows, shards = 4,
              objective = energy-delay, profile = /m/a.json, codec = float16-lz4 }
            """;

    private Path folder = Path.of("");

    @BeforeEach
    void takeFolder(@TempDir Path directory) {
        folder = directory;
    }

    @Test
    void mapsEveryKey() {
        assertThat(models("[ " + EVERY_KEY + " ]"))
                .containsExactly(new ModelSettings(
                        "a",
                        Path.of("/m/net.onnx"),
                        List.of("height=224", "x[0]=2"),
                        3,
                        Optional.of(PlannerScheme.ROWS),
                        4,
                        Optional.of(PlannerObjective.ENERGY_DELAY),
                        Optional.of(Path.of("/m/a.json")),
                        Optional.empty(),
                        Optional.of(PlannerCodec.FLOAT16_LZ4)));
        assertThat(models("[ { file = /m/a.onnx, plan = /m/plan.json } ]")
                        .get(0)
                        .plan())
                .contains(Path.of("/m/plan.json"));
    }

    @Test
    void leavesOpenWhatIsNotSaid() {
        assertThat(models("[ { file = /m/net.onnx } ]")).containsExactly(plain("net", Path.of("/m/net.onnx")));
    }

    @Test
    void takesAWordForAFile() {
        List<ModelSettings> files = List.of(plain("a", Path.of("/m/a.onnx")), plain("b", Path.of("/m/b")));

        assertThat(models("[/m/a.onnx, { file = /m/b }]")).isEqualTo(files);
        assertThat(new Loading()
                        .variable("TANDEM_GATEWAY_MODELS", "/m/a.onnx, /m/b")
                        .settings()
                        .gateway()
                        .models())
                .isEqualTo(files);
    }

    @Test
    void findsFilesBesideTheFileThatNamesThem() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.writeString(
                inner.resolve("models.conf"), "tandem.gateway.models = [a.onnx, { file = b.onnx, plan = b.json }]");

        List<ModelSettings> models = new Loading()
                .file(folder.resolve("tandem.conf"), "include \"inner/models.conf\"")
                .settings()
                .gateway()
                .models();

        assertThat(models)
                .extracting(ModelSettings::file)
                .containsExactly(inner.resolve("a.onnx"), inner.resolve("b.onnx"));
        assertThat(models.get(1).plan()).contains(inner.resolve("b.json"));
    }

    @Test
    void writesAModelAsAUserWould() {
        assertThat(models("[ " + EVERY_KEY + " ]").get(0))
                .hasToString(
                        "{ name = a, file = /m/net.onnx, dimensions = [height=224, x[0]=2], nodes = 3, scheme = rows,"
                                + " shards = 4, objective = energy-delay, profile = /m/a.json, codec = float16-lz4 }");
        assertThat(plain("b", Path.of("/m/b"))).hasToString("{ name = b, file = /m/b }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            5                                          | models = 5: expected a list of models
            [5]                                        | models[0] = 5: expected an object, { ... }, or a file
            [""]                                       | models[0].file = "": expected the path of a file
            [{}]                                       | models[0] = {}: expected the key file, an ONNX file
            [{ file = [] }]                            | models[0].file = []: expected the path of a file
            [{ file = a, name = "a b" }]               | models[0].name = "a b": expected at most 128 letters, digits
            [{ file = a, dimensions = [x] }]           | models[0].dimensions = ["x"]: expected a list of "NAME=VALUE"
            [{ file = a, dimensions = ["x=0"] }]       | models[0].dimensions = ["x=0"]: expected a list of "NAME=VALUE"
            [{ file = a, nodes = 0 }]                  | models[0].nodes = 0: expected a whole number from 1 to 64
            [{ file = a, shards = 1025 }]              | models[0].shards = 1025: expected a whole number from 1 to 1024
            [{ file = a, scheme = row }]               | Did you mean rows?
            [{ file = a, objective = latencey }]       | Did you mean latency?
            [{ file = a, profile = 5e }, { file = b, profile = "" }] | models[1].profile = "": expected the path of a file
            [{ file = a, plan = [] }]                  | models[0].plan = []: expected the path of a file
            [{ file = a, plan = p, scheme = rows, shards = 2 }] | models[0].plan = "p": expected no plan beside scheme, shards
            [{ file = a, shard = 2 }]                  | unknown key. Did you mean tandem.gateway.models[0].shards?
            [/m/a.onnx, /n/a.onnx]                     | models[1].file = "/n/a.onnx": expected a name that no other model has
            [{ file = a }, { file = b, name = a }]     | models[1].name = "a": expected a name that no other model has, not a
            """)
    void refusesAModel(String models, String told) {
        assertThat(Loading.problems("tandem.gateway.models = " + models))
                .singleElement()
                .asString()
                .contains(told);
    }

    @Test
    void refusesBoundsThatCodeBuilds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModelSettings(
                        "a",
                        Path.of("a"),
                        List.of(),
                        65,
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .withMessage("nodes of model a (65) must be from 0 to 64.");
    }

    @Test
    void saysWhichFilesAreNotThere() throws IOException {
        Files.writeString(folder.resolve("a.onnx"), "");
        LoadedSettings loaded = new Loading()
                .file(
                        folder.resolve("tandem.conf"),
                        "tandem.gateway.models = [\n  { file = a.onnx, profile = p.json, name = x }\n  b.onnx\n"
                                + "  { file = a.onnx, plan = . } ]")
                .load();

        assertThatThrownBy(() -> ListedFiles.require(loaded)).isInstanceOf(SettingsException.class);
        assertThat(ListedFiles.missing(loaded))
                .extracting(SettingsProblem::toString)
                .containsExactly(
                        folder + "/tandem.conf:2: tandem.gateway.models[0].profile = \"" + folder
                                + "/p.json\": expected a file that can be read. " + HINT,
                        folder + "/tandem.conf:3: tandem.gateway.models[1].file = \"" + folder
                                + "/b.onnx\": expected a file that can be read. " + HINT,
                        folder + "/tandem.conf:4: tandem.gateway.models[2].plan = \"" + folder
                                + "\": expected a file that can be read. " + HINT);
    }

    @Test
    void looksOnlyForFilesOfModelsThatAreNewOrChanged() {
        Path file = folder.resolve("tandem.conf");
        List<ModelSettings> before = new Loading()
                .file(file, "tandem.gateway.models = [a.onnx, b.onnx]")
                .settings()
                .gateway()
                .models();

        LoadedSettings after = new Loading()
                .file(file, "tandem.gateway.models = [c.onnx, { file = b.onnx, shards = 2 }, a.onnx]")
                .load();

        assertThat(ListedFiles.missing(after, before))
                .extracting(SettingsProblem::path)
                .containsExactly("tandem.gateway.models[0].file", "tandem.gateway.models[1].file");
    }

    private static ModelSettings plain(String name, Path file) {
        return new ModelSettings(
                name,
                file,
                List.of(),
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static List<ModelSettings> models(String hocon) {
        return Loading.settings("tandem.gateway.models = " + hocon).gateway().models();
    }
}
