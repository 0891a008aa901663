package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.client.InferOptions;
import dev.tandem.actors.client.InferenceFailedException;
import dev.tandem.actors.client.InferenceResult;
import dev.tandem.actors.client.TandemClient;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.LocalCluster;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, an application, and a gateway that serves the models that its settings list, as users start it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ServeListIT {

    private static final String HOST = "127.0.0.1";
    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final InferOptions OPTIONS = InferOptions.defaults().withDeadline(DEADLINE);
    private static final TensorSpec INPUT = new TensorSpec("input", ElementType.FLOAT, List.of(1, 3, 64, 64));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, TensorValue> sample = new SampleInputs(List.of(INPUT), 5).sample(0);
    private Path folder;
    private Path settings;
    private LocalCluster cluster;
    private TandemClient client;
    private Process gateway;
    private BufferedReader output;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        for (int seed = 1; seed <= 4; seed++) {
            ZooModel.TANDEM_MINI.write(
                    folder.resolve("mini-" + seed + ".onnx"),
                    ZooOptions.defaults().withSeed(seed));
        }
        cluster = LocalCluster.start(NodeTemplate.equal(2, 1, MEMORY_BYTES, List.of(0)));
        settings = folder.resolve("cluster.conf");
        client = TandemClient.connect(HOST, cluster.seed());
    }

    @AfterAll
    void stop() throws Exception {
        gateway.destroy();
        assertThat(gateway.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        client.close();
        cluster.close();
    }

    @Test
    void followsTheListWhileWhatStaysLosesNoRequest() throws Exception {
        list(
                "mini-1.onnx",
                "{ file = mini-2.onnx, name = goes }",
                "{ file = mini-3.onnx, name = changes, scheme = single }");
        serve();
        assertServing("mini-1");
        assertServing("goes");
        assertServing("changes");
        assertAnswers("mini-1", 1);
        assertAnswers("goes", 2);
        assertAnswers("changes", 3);
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> askUntil(isOver, "mini-1"));
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> askUntil(isOver, "changes"));

        list(
                "mini-1.onnx",
                "{ file = mini-4.onnx, name = changes, scheme = pipeline, nodes = 2 }",
                "{ file = mini-2.onnx, name = comes }");

        assertThat(next().get("withdrawn").asText()).isEqualTo("goes");
        assertServing("changes");
        assertServing("comes");
        isOver.set(true);
        assertThat(load.join()).isPositive();
        assertThat(other.join()).isPositive();
        assertAnswers("mini-1", 1);
        assertAnswers("changes", 4);
        assertAnswers("comes", 2);
        assertNotServed("goes");
        assertStatusShows("changes", "comes", "mini-1");
        replacesAModelWhoseFileHasChanged();
        refusesAFileThatIsNotThere();
        leavesTheOthersAloneWhenAModelCannotBeServed();
        endsWithTheListThatCameLast();
    }

    private void endsWithTheListThatCameLast() throws Exception {
        list("mini-1.onnx", "mini-2.onnx", "mini-3.onnx", "{ file = mini-3.onnx, name = another }");
        assertThat(reload("OK").get("applied").asBoolean()).isTrue();
        list("mini-1.onnx", "{ file = mini-2.onnx, name = last }");
        assertThat(reload("OK").get("applied").asBoolean()).isTrue();

        String told;
        do {
            told = next().path("model").asText();
        } while (!told.equals("last"));
        assertAnswers("last", 2);
        assertAnswers("mini-1", 1);
        assertNotServed("mini-3");
        assertStatusShows("last", "mini-1");
    }

    @Test
    void failsWhenNoneOfTheModelsCanBeServed() throws IOException {
        Files.writeString(folder.resolve("empty.onnx"), "no model");
        Path only = Files.writeString(
                folder.resolve("only.conf"),
                "tandem { network.seeds = [\"" + cluster.seed() + "\"], gateway.models = [empty.onnx] }");
        CapturedTerminal captured = CapturedTerminal.unwatched();

        assertThat(captured.run("serve", "--cluster", only.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err()).contains("empty.onnx is not an ONNX model");
    }

    private void replacesAModelWhoseFileHasChanged() throws Exception {
        Files.copy(folder.resolve("mini-3.onnx"), folder.resolve("new.onnx"));
        Files.move(folder.resolve("new.onnx"), folder.resolve("mini-4.onnx"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(reload("OK").get("applied").asBoolean()).isTrue();

        assertServing("changes");
        assertAnswers("changes", 3);
    }

    private void refusesAFileThatIsNotThere() throws Exception {
        String before = Files.readString(settings);
        list("mini-1.onnx", "none.onnx");

        JsonNode report = reload("REFUSED");

        assertThat(report.get("reasons").get(0).asText())
                .contains(
                        "cluster.conf:",
                        "tandem.gateway.models[1].file",
                        "none.onnx",
                        "expected a file that can be read");
        Files.writeString(settings, before);
        assertStatusShows("changes", "comes", "mini-1");
    }

    private void leavesTheOthersAloneWhenAModelCannotBeServed() throws Exception {
        Files.writeString(folder.resolve("broken.onnx"), "no model");
        list(
                "{ file = broken.onnx, name = changes }",
                "{ file = broken.onnx, name = new }",
                "mini-1.onnx",
                "mini-2.onnx");

        assertThat(next().get("withdrawn").asText()).isEqualTo("comes");
        assertThat(next().get("failed").asText()).isEqualTo("changes");
        JsonNode failed = next();
        assertThat(failed.get("failed").asText()).isEqualTo("new");
        assertThat(failed.get("reason").asText()).contains("broken.onnx");
        assertServing("mini-2");
        assertAnswers("changes", 3);
        assertAnswers("mini-1", 1);
        assertAnswers("mini-2", 2);
        assertNotServed("new");
        JsonNode status = status();
        assertThat(status.get("served"))
                .extracting(shown -> shown.get("model").asText())
                .containsExactlyInAnyOrder("changes", "mini-1", "mini-2");
        assertThat(status.get("gateways"))
                .filteredOn(shown -> !shown.get("problem").isNull())
                .extracting(shown -> shown.get("problem").asText())
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .startsWith("model 'new' is not served: ")
                                .contains("broken.onnx"),
                        problem -> assertThat(problem).startsWith("model 'changes' stays as it was: "));
    }

    /** As an editor does: another file takes the place of the one before. */
    private void list(String... models) throws IOException {
        Path next = Files.writeString(
                folder.resolve("next.conf"),
                "tandem.network.seeds = [\"" + cluster.seed() + "\"]\ntandem.gateway.models = [\n  "
                        + String.join("\n  ", models) + "\n]\n");
        Files.move(next, settings, StandardCopyOption.ATOMIC_MOVE);
    }

    private void serve() throws IOException {
        gateway = java(Main.class.getName(), "serve", "--cluster", settings.toString(), "--json")
                .start();
        output = gateway.inputReader();
    }

    private JsonNode next() throws IOException {
        return JSON.readTree(output.readLine());
    }

    private void assertServing(String model) throws IOException {
        assertThat(next().path("model").asText()).isEqualTo(model);
    }

    private void assertAnswers(String model, int seed) throws Exception {
        Path file = folder.resolve("mini-" + seed + ".onnx");
        try (UnsplitModel unsplit = UnsplitModel.open(file, 1)) {
            InferenceResult result = awaitResult(model);
            assertThat(Comparison.ofAll(unsplit.run(sample), values(result)).isWithin(1e-4))
                    .as(model)
                    .isTrue();
        }
    }

    /** Applications hear within a second what a gateway serves. */
    private InferenceResult awaitResult(String model) {
        for (long end = System.nanoTime() + DEADLINE.toNanos(); ; ) {
            try {
                return ask(model).join();
            } catch (CompletionException e) {
                if (!isNotServing(e) || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private void assertNotServed(String model) {
        assertThat(ask(model)
                        .handle((result, failure) -> failure != null && isNotServing(failure))
                        .join())
                .isTrue();
    }

    private static boolean isNotServing(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof InferenceFailedException failed && failed.code() == ErrorCode.NOT_SERVING;
    }

    private int askUntil(AtomicBoolean isOver, String model) {
        int answered = 0;
        while (!isOver.get()) {
            ask(model).join();
            answered++;
        }
        return answered;
    }

    private CompletableFuture<InferenceResult> ask(String model) {
        List<Tensor> inputs = sample.values().stream()
                .map(value -> Tensor.of(value.spec(), value.buffer()))
                .toList();
        return client.infer(model, inputs, OPTIONS).toCompletableFuture();
    }

    private static Map<String, TensorValue> values(InferenceResult result) {
        return result.outputs().stream()
                .collect(Collectors.toMap(
                        output -> output.spec().name(), output -> TensorValue.copyOf(output.spec(), output.bytes())));
    }

    private void assertStatusShows(String... models) throws IOException {
        JsonNode status = status();
        assertThat(status.get("gateways"))
                .extracting(shown -> shown.get("model").asText())
                .containsExactly(models);
        assertThat(status.get("served"))
                .filteredOn(shown -> shown.get("state").asText().equals("serving"))
                .extracting(shown -> shown.get("model").asText())
                .containsExactlyInAnyOrder(models);
    }

    private JsonNode status() throws IOException {
        CapturedTerminal captured = CapturedTerminal.unwatched();
        assertThat(captured.run("status", "--cluster", settings.toString(), "--json"))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);
        return JSON.readTree(captured.out());
    }

    private JsonNode reload(String exit) throws IOException {
        CapturedTerminal captured = CapturedTerminal.unwatched();
        ExitCode code = captured.run("reload", "--cluster", settings.toString(), "--json");
        assertThat(code).as(captured.err()).isEqualTo(ExitCode.valueOf(exit));
        return JSON.readTree(captured.out());
    }

    private static ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dtandem.native.directory=" + System.getProperty("tandem.native.directory"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder;
    }
}
