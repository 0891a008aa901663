package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.LocalCluster;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Status and reload of two member processes with a settings file each, which serve a model that is asked without a pause.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RunningClusterIT {

    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final AtomicBoolean isOver = new AtomicBoolean();
    private LocalCluster cluster;
    private ClusterSeat seat;
    private ServedModel served;
    private Path settings;
    private CompletableFuture<Long> load;

    @BeforeAll
    void serve(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        cluster = LocalCluster.start(NodeTemplate.equal(2, 1, MEMORY_BYTES, List.of(0)));
        settings = Files.writeString(
                folder.resolve("cluster.conf"), "tandem.network.seeds = [\"" + cluster.seed() + "\"]");
        seat = ClusterSeat.remote(settings);
        seat.session().awaitNodes(2, DEADLINE);
        served = ServedModel.deploy(
                seat,
                OfferedModel.measure(ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("folded"))),
                new DeployOrder(Optional.empty(), Optional.empty(), 0, 0));
    }

    @BeforeEach
    void startLoad() {
        isOver.set(false);
        load = CompletableFuture.supplyAsync(this::ask);
    }

    @AfterEach
    void stopLoad() {
        isOver.set(true);
    }

    @AfterAll
    void stop() {
        seat.close();
        cluster.close();
    }

    @Test
    void showsMembersPlanAndRatesOfWhatIsServed() throws Exception {
        CapturedTerminal captured = CapturedTerminal.unwatched();

        ExitCode exit = captured.run("status", "--cluster", settings.toString(), "--json");

        assertThat(captured.err()).isEmpty();
        assertThat(exit).isEqualTo(ExitCode.OK);
        JsonNode status = new ObjectMapper().readTree(captured.out());
        assertThat(status.get("members"))
                .extracting(member -> member.get("roles").get(0).asText())
                .containsExactlyInAnyOrder("node", "node", "gateway");
        assertThat(status.get("supervisor").asText()).isEqualTo("node-1");
        assertThat(status.get("coreGroups"))
                .extracting(group -> group.get("node").asText())
                .containsExactly("node-1", "node-2");
        assertServed(status.get("served").get(0));
    }

    private void assertServed(JsonNode shown) {
        assertThat(shown.get("model").asText()).isEqualTo("mini");
        assertThat(shown.get("gateway").asText()).isEqualTo(seat.session().name());
        assertThat(shown.get("requestsPerSecond").asDouble()).isPositive();
        assertThat(shown.get("parts"))
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.get("busyShare").asDouble()).isPositive());
    }

    @Test
    void takesOverWhatIsRightAndNothingElseWhileEveryRequestIsAnswered() throws Exception {
        write("node-1", "tandem { planner.nodes = [node-2], log.level = debug, runtime.pin-threads = false }");
        assertThat(reload("OK").get("applied").asBoolean()).isTrue();
        awaitPlace("node-2");

        write("node-1", "tandem { planner.nodes = [node-1], gateway.queue-capacity = many }");
        assertThat(reload("REFUSED").get("reasons").get(0).asText())
                .contains("node-1.conf:2: tandem.gateway.queue-capacity = \"many\"");
        write("node-1", "tandem.planner { nodes = [node-2], max-latency = 1us }");
        assertThat(reload("REFUSED").get("reasons").get(0).asText()).contains("one request would take");
        assertThat(place()).isEqualTo("node-2");

        write("node-1", "tandem.planner.nodes = [node-1]");
        awaitPlace("node-1");
        isOver.set(true);
        assertThat(load.join()).isPositive();
    }

    @Test
    void takesOverTheBoundsOfAGateway() throws Exception {
        String before = Files.readString(settings);
        isOver.set(true);
        assertThat(load.join()).isNotNegative();
        Files.writeString(
                settings,
                "tandem { network.seeds = [\"" + cluster.seed()
                        + "\"], gateway { queue-capacity = 0, max-in-flight = 1 } }");

        JsonNode report = reload("OK");

        assertThat(report.get("members"))
                .filteredOn(member ->
                        member.get("member").asText().equals(seat.session().name()))
                .singleElement()
                .satisfies(member -> assertThat(member.get("file").asText()).isEqualTo(settings.toString()));
        Map<String, TensorValue> sample = new SampleInputs(served.graph().inputs(), 5).sample(0);
        List<CompletableFuture<String>> atOnce = IntStream.range(0, 4)
                .mapToObj(request -> served.infer(sample, DEADLINE)
                        .handle((outputs, failure) -> failure == null ? "" : failure.getMessage())
                        .toCompletableFuture())
                .toList();
        assertThat(atOnce.stream().map(CompletableFuture::join)).contains("").anySatisfy(failure -> assertThat(failure)
                .contains("queue of 0 requests is full"));
        Files.writeString(settings, before);
        assertThat(reload("OK").get("applied").asBoolean()).isTrue();
    }

    /** One request after the other until it is over; fails with the first that fails. */
    private long ask() {
        Map<String, TensorValue> sample = new SampleInputs(served.graph().inputs(), 5).sample(0);
        long answered = 0;
        while (!isOver.get()) {
            served.infer(sample, DEADLINE).toCompletableFuture().join();
            answered++;
        }
        return answered;
    }

    /** What a user would do: the member's own settings, and these. */
    private void write(String node, String changes) throws IOException {
        Path own = cluster.directory().resolve(node + ".conf");
        Path original = cluster.directory().resolve(node + ".original.conf");
        if (!Files.exists(original)) {
            Files.copy(own, original);
        }
        Files.writeString(own, "include \"" + original.getFileName() + "\"\n" + changes);
    }

    private JsonNode reload(String exit) throws IOException {
        CapturedTerminal captured = CapturedTerminal.unwatched();
        ExitCode code = captured.run("reload", "--cluster", settings.toString(), "--json");
        assertThat(code).as(captured.err()).isEqualTo(ExitCode.valueOf(exit));
        return new ObjectMapper().readTree(captured.out());
    }

    private void awaitPlace(String node) throws Exception {
        for (long end = System.nanoTime() + DEADLINE.toNanos(); System.nanoTime() < end; ) {
            if (place().equals(node)) {
                return;
            }
        }
        assertThat(place()).isEqualTo(node);
    }

    /** Where the model runs now, as its shard tells its gateway. */
    private String place() throws Exception {
        return seat.session().stats().toCompletableFuture().get().shards().stream()
                .findFirst()
                .map(report -> report.place().node())
                .orElse("");
    }
}
