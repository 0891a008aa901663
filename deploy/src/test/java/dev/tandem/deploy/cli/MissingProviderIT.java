package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.ExecutionProvider;
import dev.tandem.inference.runtime.Providers;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members as users start them, with a core group for CUDA, which this ONNX Runtime does not have. */
class MissingProviderIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String UP = " is up at ";

    @TempDir
    private Path folder = Path.of("");

    private @Nullable Process node;

    @BeforeEach
    void assumeThatThereIsNoCuda() {
        assumeFalse(Providers.builtIn().contains(ExecutionProvider.CUDA), "this ONNX Runtime has CUDA");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (node != null) {
            // Nobody is there to move its work to.
            node.destroyForcibly();
            assertThat(node.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesToStartAndSaysWhatToDo() throws Exception {
        Process refused = start("[ { name = gpu0, provider = cuda } ]");

        String output = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(refused.waitFor()).as(output).isEqualTo(ExitCode.RUNTIME_ERROR.code());
        assertThat(output)
                .contains(
                        "tandem: core group gpu0 cannot compute with provider cuda: this build of ONNX Runtime",
                        "has no cuda, only cpu",
                        "mvn -Pgpu",
                        "on-missing = cpu")
                .doesNotContain(UP);
    }

    @Test
    void computesOnCpusWhereSettingsSaySoAndTellsInLogAndStatus() throws Exception {
        BufferedReader output =
                start("[ { name = gpu0, provider = cuda, on-missing = cpu } ]").inputReader();
        StringBuilder log = new StringBuilder();
        String address = awaitAddress(output, log);
        Path settings =
                Files.writeString(folder.resolve("cluster.conf"), "tandem.network.seeds = [\"" + address + "\"]");

        try (ClusterSeat seat = ClusterSeat.remote(settings)) {
            seat.session().awaitNodes(1, DEADLINE);
            while (output.ready()) {
                log.append(output.readLine()).append('\n');
            }
            assertThat(log).contains("core group gpu0 computes on CPUs: cuda does not work: this build");
            assertStatus(settings);
            assertThat(answers(seat)).isPositive();
        }
    }

    private static void assertStatus(Path settings) throws IOException {
        CapturedTerminal json = CapturedTerminal.unwatched();
        assertThat(json.run("status", "--cluster", settings.toString(), "--json"))
                .isEqualTo(ExitCode.OK);
        JsonNode group = new ObjectMapper().readTree(json.out()).at("/coreGroups/0");
        assertThat(group.get("coreGroup").asText()).isEqualTo("gpu0");
        assertThat(group.get("kind").asText()).isEqualTo("cpu");
        assertThat(group.get("provider").asText()).isEqualTo("cpu");
        assertThat(group.get("problem").asText()).startsWith("cuda does not work: ");
    }

    /** Outputs of a request to a model whose only shard is on the core group. */
    private int answers(ClusterSeat seat) throws Exception {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        ModelPackage model = ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("folded"));
        ServedModel served = ServedModel.deploy(
                seat, OfferedModel.measure(model), new DeployOrder(Optional.empty(), Optional.empty(), 0, 0));
        Map<String, TensorValue> sample = new SampleInputs(served.graph().inputs(), 5).sample(0);
        return served.infer(sample, DEADLINE).toCompletableFuture().join().size();
    }

    private static String awaitAddress(BufferedReader output, StringBuilder log) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            log.append(line).append('\n');
            if (line.contains(UP)) {
                return line.substring(line.indexOf(UP) + UP.length()).strip();
            }
        }
        throw new AssertionError("the member did not come up: " + log);
    }

    private Process start(String coreGroups) throws IOException {
        Path settings = Files.writeString(
                folder.resolve("node.conf"),
                "tandem { node { name = missing, data-directory = \"" + folder.resolve("data") + "\", core-groups = "
                        + coreGroups + " }, runtime.native-directory = \""
                        + System.getProperty("tandem.native.directory") + "\" }");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                Main.class.getName(),
                "node",
                "--config",
                settings.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process started = builder.start();
        node = started;
        return started;
    }
}
