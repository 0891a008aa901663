package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.deploy.tensor.NpyFile;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Formatter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Command lines that end before a cluster is started. */
class ProgramTest {

    private static Path folder = Path.of("");
    private static String mini = "";

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        folder = directory;
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        mini = file.toString();
    }

    @Test
    void explainsItself() {
        assertThat(captured.run("--help")).isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .contains(
                        "demo", "zoo", "graph", "plan", "verify", "run", "bench", "serve", "status", "reload", "config",
                        "node", "cluster")
                .contains("Exit codes", "the reason is printed")
                .contains("Write a standard architecture");
        assertThat(captured.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "zoo", "graph", "plan", "verify", "run", "bench", "serve", "status", "reload", "config", "node",
                "cluster"
            })
    void explainsEveryCommandWithExamplesAndExitCodes(String command) {
        assertThat(captured.run(command, "--help")).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("Usage: tandem " + command, "Examples:", "Exit codes:");
    }

    /** Help texts are format strings: one that is none is printed as it stands, with a warning beside the help. */
    @Test
    void escapesPercentSignsOfHelpTexts() {
        List<String> texts = Program.all(captured.terminal()).getSubcommands().values().stream()
                .flatMap(command -> helpTexts(command.getCommandSpec()))
                .toList();

        assertThat(texts).isNotEmpty().allSatisfy(text -> assertThatCode(() -> new Formatter().format(text))
                .doesNotThrowAnyException());
    }

    private static Stream<String> helpTexts(CommandSpec command) {
        return Stream.concat(
                        Stream.of(
                                command.usageMessage().description(),
                                command.usageMessage().footer()),
                        command.args().stream().map(ArgSpec::description))
                .flatMap(Stream::of);
    }

    @Test
    void showsVersions() {
        assertThat(captured.run("--version")).isEqualTo(ExitCode.OK);
        assertThat(captured.out().lines().toList().get(0)).matches("tandem \\d+\\.\\d+\\.\\d+.*");
        assertThat(captured.out()).contains("java ", "onnxruntime 1.");
    }

    @Test
    void answersNothingWithUsage() {
        assertThat(captured.run()).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("Usage: tandem");
        assertThat(captured.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate 0|--rate (0.0) must be above 0.",
                "--rate 5 --concurrency 2|--rate and --concurrency exclude each other",
                "--arrivals constant|--arrivals must come with --rate",
                "--concurrency 0|--concurrency (0) must be at least 1.",
                "--duration -1|--duration (-1.0) must be above 0.",
                "--duration NaN|--duration (NaN) must be above 0.",
                "--rounds 0|--rounds (0) must be at least 1.",
                "--nodes 0|--nodes (0) must be at least 1.",
                "--shards 0|--shards (0) must be at least 1.",
                "--threads 0|--threads (0) must be at least 1.",
                "--inside --cluster other.conf|--inside is for a local cluster",
                "--resolution 64|--resolution (64) is for architectures"
            })
    void refusesABenchThatCannotBe(String options, String message) {
        String[] arguments = ("bench " + mini + " " + options).split(" ", -1);

        assertThat(captured.run(arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains(message);
        assertThat(captured.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scenario server|--scenario server needs --latency-bound",
                "--scenario offline --latency-bound 5ms|--latency-bound is for --scenario server; offline has no bound.",
                "--scenario offline --percentile 90|--percentile is for latencies",
                "--scenario single-stream --percentile 100|--percentile (100.0) must be above 0 and below 100.",
                "--scenario single-stream --percentile NaN|--percentile (NaN) must be above 0 and below 100.",
                "--scenario single-stream --min-queries 0|--min-queries (0) must be at least 1.",
                "--scenario single-stream --min-duration 10|--min-duration (10) must be a time with a unit",
                "--scenario single-stream --min-duration 0s|--min-duration (0s) must be a time with a unit, above 0",
                "--scenario single-stream --min-duration 3months|--min-duration (3months) must be a time with a unit",
                "--scenario server --latency-bound -5ms|--latency-bound (-5ms) must be a time with a unit, above 0",
                "--scenario server --latency-bound 50ms --min-duration 499ms|--min-duration (499ms) must be at least 10",
                "--scenario server --latency-bound 5s --timeout 4|--timeout (4) must be no shorter than --latency-bound",
                "--scenario single-stream --duration 5|--duration does not go with --scenario single-stream. Maybe --min-",
                "--scenario offline --rounds 2|--rounds does not go with --scenario offline.",
                "--scenario offline --rate 2|--rate does not go with --scenario offline. Only server takes one.",
                "--scenario single-stream --concurrency 2|--concurrency does not go with --scenario single-stream.",
                "--scenario server --latency-bound 1s --rate 5 --arrivals poisson|--arrivals does not go with",
                "--scenario offline --queries none/queries.csv|--queries (none/queries.csv) must be a file in a folder",
                "--scenario multi-stream|multi-stream",
                "--latency-bound 5ms|--latency-bound must come with --scenario.",
                "--percentile 99|--percentile must come with --scenario.",
                "--min-duration 5s|--min-duration must come with --scenario.",
                "--min-queries 5|--min-queries must come with --scenario.",
                "--seed 5|--seed must come with --scenario.",
                "--queries queries.csv|--queries must come with --scenario."
            })
    void refusesAScenarioThatCannotBe(String options, String message) {
        String[] arguments = ("bench " + mini + " " + options).split(" ", -1);

        assertThat(captured.run(arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains(message);
        assertThat(captured.out()).isEmpty();
    }

    @Test
    void refusesABenchOfWhatIsNeitherFileNorArchitecture() {
        assertThat(captured.run("bench", "resnet-51")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("model resnet-51: neither a file nor an architecture");
    }

    @Test
    void suggestsCommandsAndOptions() {
        assertThat(captured.run("grph", mini)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("unknown command 'grph'. Maybe graph?", "Try 'tandem --help'.");

        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run("graph", mini, "--jsno")).isEqualTo(ExitCode.USAGE);
        assertThat(second.err()).contains("unknown option '--jsno'. Maybe --json?", "Try 'tandem graph --help'.");
    }

    @Test
    void showsWhereAnErrorCameFromOnlyOnRequest() {
        captured.run("graph", "none.onnx");
        assertThat(captured.err()).doesNotContain("\tat ");

        CapturedTerminal second = CapturedTerminal.unwatched();
        second.run("graph", "none.onnx", "--verbose");
        assertThat(second.err()).contains("\tat ");
    }

    @Test
    void writesZooModels() throws IOException {
        Path file = folder.resolve("zoo.onnx");

        assertThat(captured.run("zoo", "tandem-mini", "-o", file.toString(), "--resolution", "32", "--json"))
                .isEqualTo(ExitCode.OK);

        JsonNode json = json();
        assertThat(json.get("file").asText()).isEqualTo(file.toString());
        assertThat(json.get("bytes").asLong()).isEqualTo(Files.size(file));
        assertThat(json.get("inputShape").toString()).isEqualTo("[1,3,32,32]");
    }

    @Test
    void listsZooModels() {
        assertThat(captured.run("zoo", "--list")).isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("resnet-50", "25.6 M", "4.09 G");
    }

    @Test
    void refusesUnknownZooModelsAndFolders() {
        assertThat(captured.run("zoo", "resnet-51")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("no architecture 'resnet-51'", "resnet-50");

        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run(
                        "zoo", "resnet-18", "-o", folder.resolve("none/x.onnx").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(second.err()).contains("must exist");

        CapturedTerminal third = CapturedTerminal.unwatched();
        assertThat(third.run("zoo")).isEqualTo(ExitCode.USAGE);
        assertThat(third.err()).contains("--list");
    }

    @Test
    void showsGraphsAsText() {
        assertThat(captured.run("graph", mini, "--gain")).isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .contains("input   input float[1, 3, 64, 64]")
                .contains("ReduceMean")
                .contains("::row_means")
                .contains("rows divisible")
                .contains("times as fast");
    }

    @Test
    void refusesValuesOfDimensionsThatTheModelDoesNotHave() {
        assertThat(captured.run("graph", mini, "--dim", "batch=1")).isEqualTo(ExitCode.REFUSED);

        assertThat(captured.err()).contains("dimension 'batch' must be a dynamic one");
    }

    @Test
    void showsGraphsAsJsonAndNothingElse() throws IOException {
        assertThat(captured.run("graph", mini, "--json")).isEqualTo(ExitCode.OK);

        JsonNode json = json();
        int layers = json.get("layers").size();
        assertThat(json.get("cuts").size()).isEqualTo(layers - 1);
        assertThat(json.get("cuts").get(0).get("bytes").asLong()).isEqualTo(256 * 1024);
        long inSegments = 0;
        for (JsonNode segment : json.get("rows")) {
            inSegments += segment.get("to").asInt() - segment.get("from").asInt();
        }
        assertThat(inSegments).isEqualTo(layers);
        assertThat(json.has("gain")).isFalse();
        assertThat(captured.err()).isEmpty();
    }

    @Test
    void leavesNoFilesBehind(@TempDir Path temporary) {
        String before = System.setProperty("java.io.tmpdir", temporary.toString());
        try {
            assertThat(captured.run("graph", mini)).isEqualTo(ExitCode.OK);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }

        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"graph", "run", "verify"})
    void refusesWhatIsNoModel(String command) throws IOException {
        Path text = Files.writeString(folder.resolve("text.onnx"), "this is no model at all");
        List<String> rest = command.equals("run") ? List.of("--input", "x.npy") : List.of();

        if (!command.equals("verify")) {
            assertThat(captured.run(line(command, text.toString(), rest))).isEqualTo(ExitCode.REFUSED);
            assertThat(captured.err()).contains("text.onnx");
        }
        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run(line(command, folder.resolve("none.onnx").toString(), rest)))
                .isEqualTo(ExitCode.USAGE);
        assertThat(second.err()).contains("none.onnx: no such file");
    }

    @Test
    void refusesTruncatedModels() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of(mini));
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length / 2));

        assertThat(captured.run("graph", cut.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err()).contains("cut.onnx");
    }

    @Test
    void refusesWrongInputsBeforeAnythingIsStarted() throws IOException {
        Path wrong = folder.resolve("wrong.npy");
        NpyFile.write(wrong, TensorValue.ofFloats("x", List.of(1, 3, 2, 2), new float[12]));

        assertUsage("input 'input' of", "run", mini, "--input", "input=" + wrong);
        assertUsage("has no input 'inptu'", "run", mini, "--input", "inptu=" + wrong);
        assertUsage(
                "no such file",
                "run",
                mini,
                "--input",
                folder.resolve("none.npy").toString());
        assertUsage("must end in .npy or .pb", "run", mini, "--input", mini);
        assertUsage("nothing is given for input", "run", mini);
        assertUsage("no such file", "run", mini, folder.resolve("none.png").toString());
        assertUsage("--nodes (0) must be at least 1", "run", mini, "--nodes", "0");
        assertUsage("--samples (0)", "verify", mini, "--samples", "0");
        assertUsage("Invalid value for option '--scheme'", "verify", mini, "--scheme", "diagonal");
        assertUsage("exclude each other", "run", mini, "x.png", "--normalize", "unit", "--mean", "1");
        Path right = folder.resolve("right.npy");
        NpyFile.write(right, TensorValue.ofFloats("x", List.of(1, 3, 64, 64), new float[3 * 64 * 64]));
        assertUsage("settings file none.conf", "run", mini, "--input", "input=" + right, "--cluster", "none.conf");
    }

    @Test
    void refusesSettingsWithErrors() throws IOException {
        Path settings = Files.writeString(folder.resolve("bad.conf"), "tandem.node { nam = x, memory = 12parsecs }");

        assertThat(captured.run("node", "--config", settings.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("bad.conf", "nam", "memory");
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(captured.run("node", "--port", Integer.toString(port), "--data", folder.toString()))
                    .isEqualTo(ExitCode.RUNTIME_ERROR);
            assertThat(captured.err()).contains(Integer.toString(port), "--port");
        }
    }

    @Test
    void namesASeedThatNeverAnswers() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path settings = Files.writeString(folder.resolve("join.conf"), "tandem.network.join-timeout = 2s");

        assertThat(captured.run(
                        "node",
                        "--config",
                        settings.toString(),
                        "--seed",
                        "127.0.0.1:" + port,
                        "--data",
                        folder.toString()))
                .isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(captured.err()).contains("127.0.0.1:" + port, "2000 ms");
    }

    private void assertUsage(String message, String... arguments) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(arguments)).as(String.join(" ", arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains(message);
        assertThat(terminal.out()).isEmpty();
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(captured.out());
    }

    private static String[] line(String command, String model, List<String> rest) {
        String[] arguments = new String[2 + rest.size()];
        arguments[0] = command;
        arguments[1] = model;
        for (int index = 0; index < rest.size(); index++) {
            arguments[2 + index] = rest.get(index);
        }
        return arguments;
    }
}
