package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.client.InferOptions;
import dev.tandem.actors.client.InferenceResult;
import dev.tandem.actors.client.TandemClient;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.LocalCluster;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, two gateways and an application, each a process of its own; the gateways as users start them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeIT {

    private static final String HOST = "127.0.0.1";
    private static final long MEMORY_BYTES = 256L << 20;
    private static final int REQUESTS = 400;
    private static final int IN_FLIGHT = 24;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final InferOptions OPTIONS = InferOptions.defaults().withDeadline(DEADLINE);
    private static final TensorSpec INPUT = new TensorSpec("input", ElementType.FLOAT, List.of(1, 3, 64, 64));

    private final List<Process> gateways = new ArrayList<>();
    private Path model;
    private Path settings;
    private LocalCluster cluster;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        model = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(model, ZooOptions.defaults());
        cluster = LocalCluster.start(NodeTemplate.equal(2, 1, MEMORY_BYTES, List.of(0)));
        settings = Files.writeString(
                folder.resolve("cluster.conf"), "tandem.network.seeds = [\"" + cluster.seed() + "\"]");
    }

    @AfterEach
    void stopGateways() {
        gateways.forEach(Process::destroyForcibly);
        gateways.clear();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void answersEveryRequestAlthoughAGatewayIsKilled() throws Exception {
        Map<String, TensorValue> sample = new SampleInputs(List.of(INPUT), 5).sample(0);
        try (UnsplitModel unsplit = UnsplitModel.open(model, 1);
                TandemClient client = TandemClient.connect(HOST, cluster.seed())) {
            serve();
            serve();
            askWhileOneIsKilled(client, tensors(sample), unsplit.run(sample));
        }
    }

    @Test
    void answersTheExampleOfTheGuide() throws Exception {
        serve();

        Process example = java("../deploy/examples/Ask.java", HOST, cluster.seed(), "mini", "3", "64", "64")
                .start();
        List<String> lines = example.inputReader().lines().toList();

        assertThat(example.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(example.exitValue()).isZero();
        assertThat(lines)
                .filteredOn(line -> line.matches("image \\d: class \\d, .*"))
                .hasSize(10);
    }

    private void askWhileOneIsKilled(TandemClient client, List<Tensor> inputs, Map<String, TensorValue> expected)
            throws Exception {
        List<String> answeredBy = new ArrayList<>();
        new ClosedLoop<InferenceResult>(IN_FLIGHT, DEADLINE)
                .run(
                        REQUESTS,
                        request -> client.infer("mini", inputs, OPTIONS),
                        (request, result) -> {
                            answeredBy.add(result.gateway());
                            assertThat(Comparison.ofAll(expected, values(result))
                                            .isWithin(1e-4))
                                    .isTrue();
                            if (answeredBy.size() == REQUESTS / 2) {
                                gateways.get(0).destroyForcibly();
                            }
                        },
                        figures -> {});

        assertThat(answeredBy).hasSize(REQUESTS);
        assertThat(Set.copyOf(answeredBy.subList(0, REQUESTS / 2))).hasSize(2);
        assertThat(Set.copyOf(answeredBy.subList(REQUESTS - IN_FLIGHT, REQUESTS)))
                .hasSize(1);
    }

    private static Map<String, TensorValue> values(InferenceResult result) {
        return result.outputs().stream()
                .collect(Collectors.toMap(
                        output -> output.spec().name(), output -> TensorValue.copyOf(output.spec(), output.bytes())));
    }

    private static List<Tensor> tensors(Map<String, TensorValue> sample) {
        return sample.values().stream()
                .map(value -> Tensor.of(value.spec(), value.buffer()))
                .toList();
    }

    private void serve() throws IOException {
        Process process = java(
                        Main.class.getName(),
                        "serve",
                        model.toString(),
                        "--cluster",
                        settings.toString(),
                        "--scheme",
                        "pipeline",
                        "--json")
                .start();
        gateways.add(process);
        assertThat(process.inputReader().readLine()).contains("\"model\":\"mini\"");
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
