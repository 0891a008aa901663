package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.NpyFile;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with members of the program itself, as processes. */
class CommandsIT {

    private static Path folder = Path.of("");
    private static Path temporary = Path.of("");
    private static String javaTemporary = "";
    private static String mini = "";

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @BeforeAll
    static void prepare(@TempDir Path directory) throws IOException {
        folder = directory;
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        mini = file.toString();
        temporary = Files.createDirectory(folder.resolve("temporary"));
        javaTemporary = System.setProperty("java.io.tmpdir", temporary.toString());
    }

    @AfterAll
    static void restore() {
        System.setProperty("java.io.tmpdir", javaTemporary);
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        try (var files = Files.newDirectoryStream(temporary, "tandem-*")) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void verifiesEverySchemeOnOneCluster() throws IOException {
        ExitCode exit = captured.run(
                "verify",
                mini,
                "--scheme",
                "single,pipeline,rows",
                "--nodes",
                "2",
                "--shards",
                "2",
                "--samples",
                "2",
                "--json");

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        List<JsonNode> rows = captured.out().lines().map(CommandsIT::json).toList();
        assertThat(rows).extracting(row -> row.get("scheme").asText()).containsExactly("single", "pipeline", "rows");
        assertThat(rows).extracting(row -> row.get("pass").asBoolean()).containsOnly(true);
        assertThat(rows).extracting(row -> row.get("nodes").asInt()).containsExactly(1, 2, 2);
        assertThat(rows).extracting(row -> row.get("shards").asInt()).containsExactly(1, 1, 2);
    }

    @Tag("nightly")
    @Test
    void codesFeatureMapsBetweenProcesses() throws IOException {
        // Between its two members, and to and from them, all tensors of this model are floats.
        assertThat(maxRelativeError("pipeline", "float16-lz4")).isBetween(1e-5, 5e-3);
        assertThat(maxRelativeError("rows", "int8")).isBetween(1e-4, 0.1);
    }

    private double maxRelativeError(String scheme, String codec) throws IOException {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        ExitCode exit = terminal.run(
                "verify", mini, "--scheme", scheme, "--nodes", "2", "--samples", "2", "--codec", codec, "--json");

        assertThat(terminal.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode row = json(terminal.out());
        assertThat(row.get("pass").asBoolean()).isTrue();
        assertThat(row.get("nodes").asInt()).isEqualTo(2);
        return row.get("maxRelError").asDouble();
    }

    @Test
    void refusesADivisionThatDoesNotFit() {
        // 64 rows, but one core group in the cluster.
        assertThat(captured.run("verify", mini, "--scheme", "rows", "--nodes", "1", "--shards", "3", "--json"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(json(captured.out()).get("refused").asBoolean()).isTrue();
        assertThat(json(captured.out()).get("reason").asText()).isNotBlank();
    }

    @Test
    void runsPicturesAndWritesOutputs() throws IOException {
        Path first = picture("first.png", 0xFF8000);
        Path second = picture("second.png", 0x0080FF);
        Path labels = Files.writeString(folder.resolve("labels.txt"), "zero\none\ntwo\n");
        Path out = folder.resolve("out");

        ExitCode exit = captured.run(
                "run",
                mini,
                first.toString(),
                second.toString(),
                "--scheme",
                "pipeline",
                "--nodes",
                "2",
                "--labels",
                labels.toString(),
                "--top",
                "10",
                "--out",
                out.toString());

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("Plan for mini (pipeline)", "first.png", "second.png", "one", "2 requests");
        TensorValue written = NpyFile.read(out.resolve("0-first/output.npy"), "output");
        assertThat(written.spec().shape()).containsExactly(1, 10);
    }

    @Test
    void letsNotANumberPassAndFlagsIt() throws IOException {
        TensorSpec spec = TensorValue.ofFloats("input", List.of(1, 3, 64, 64), new float[3 * 64 * 64])
                .spec();
        TensorValue value = TensorValue.allocate(spec);
        value.buffer().putFloat(Float.NaN);
        Path file = folder.resolve("nan.npy");
        NpyFile.write(file, value);

        ExitCode exit =
                captured.run("run", mini, "--input", file.toString(), "--scheme", "single", "--nodes", "1", "--json");

        assertThat(exit).isEqualTo(ExitCode.OK);
        assertThat(captured.err()).contains("input 'input' holds values that are NaN");
        JsonNode outcome = json(captured.out());
        assertThat(outcome.get("inputsWithNan").get(0).asText()).isEqualTo("input");
        assertThat(outcome.get("results")
                        .get(0)
                        .get("outputs")
                        .get(0)
                        .get("hasNan")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void demonstratesItself() {
        ExitCode exit = captured.run("demo", "--model", "tandem-mini", "--requests", "40", "--json");

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode outcome = json(captured.out());
        assertThat(outcome.get("pass").asBoolean()).isTrue();
        assertThat(outcome.get("plan").get("nodes").asInt()).isEqualTo(4);
        assertThat(outcome.get("load").get("requests").asInt()).isEqualTo(40);
    }

    @Test
    void benchesInsideTheFirstMemberBesidePlainOnnxRuntime() {
        ExitCode exit = captured.run("bench", "tandem-mini", "--duration", "0.4", "--rounds", "2", "--json");

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode report = json(captured.out());
        assertThat(report.get("generator").asText()).isEqualTo("inside");
        assertThat(report.get("load").asText()).isEqualTo("closed");
        assertThat(report.get("throughput").asDouble()).isPositive();
        assertThat(report.get("baselineThroughput").asDouble()).isPositive();
        assertThat(report.get("ratio").asDouble()).isPositive();
        assertThat(report.get("rounds")).hasSize(2);
        assertThat(report.get("p50Ms").asDouble())
                .isBetween(0.01, report.get("p90Ms").asDouble());
        assertThat(report.get("p99Ms").asDouble())
                .isBetween(report.get("p90Ms").asDouble(), report.get("maxMs").asDouble());
        assertThat(report.get("bytesMovedPerInference").asDouble()).isZero();
        assertThat(report.get("busy")).hasSize(1);
        assertThat(report.get("plan").get("nodes").asInt()).isOne();
        assertThat(report.get("versions").properties())
                .extracting(entry -> entry.getKey())
                .containsExactly("tandem", "onnxRuntime", "java", "os", "cpu", "cpus");
        assertThat(report.get("command").asText()).startsWith("tandem bench tandem-mini --duration 0.4");
        assertThat(report.has("achievedRate")).isFalse();
    }

    @Test
    @Tag("nightly")
    void benchesAPipelineAtASetRate() {
        ExitCode exit = captured.run(
                "bench",
                mini,
                "--nodes",
                "2",
                "--scheme",
                "pipeline",
                "--rate",
                "40",
                "--duration",
                "0.8",
                "--rounds",
                "1",
                "--json");

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode report = json(captured.out());
        assertThat(report.get("generator").asText()).isEqualTo("beside");
        assertThat(report.get("load").asText()).isEqualTo("open");
        assertThat(report.get("arrivals").asText()).isEqualTo("poisson");
        assertThat(report.get("achievedRate").asDouble()).isPositive();
        assertThat(report.get("refused").asLong()).isZero();
        assertThat(report.get("late").asLong()).isZero();
        assertThat(report.get("busy")).hasSize(2);
        // The input alone, 3 x 64 x 64 floats, goes from this process to a member.
        assertThat(report.get("bytesMovedPerInference").asDouble()).isGreaterThan(3 * 64 * 64 * 4);
    }

    @Test
    void saysWhenABenchHadNothingToMeasure() {
        ExitCode exit = captured.run("bench", mini, "--rate", "0.001", "--duration", "0.1", "--rounds", "1");

        assertThat(exit).isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(captured.err())
                .contains("no request was answered in the 100 ms of a round. Maybe use a longer --duration");
        assertThat(captured.out()).isEmpty();
    }

    private static Path picture(String name, int colour) throws IOException {
        BufferedImage image = new BufferedImage(80, 64, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 80; x++) {
            image.setRGB(x, x % 64, colour);
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
