package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
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
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against two member processes that serve a model, and against nobody. */
class StatusIT {

    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void showsMembersPlanAndRatesOfWhatIsServed() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(NodeTemplate.equal(2, 1, MEMORY_BYTES, List.of(0)))) {
            Path settings = settings(cluster.seed());
            try (ClusterSeat seat = ClusterSeat.remote(settings)) {
                ServedModel served = serve(seat);
                CompletableFuture<ExitCode> shown = CompletableFuture.supplyAsync(
                        () -> captured.run("status", "--cluster", settings.toString(), "--json"));
                Map<String, TensorValue> sample =
                        new SampleInputs(served.graph().inputs(), 5).sample(0);
                while (!shown.isDone()) {
                    served.infer(sample, DEADLINE).toCompletableFuture().join();
                }

                assertThat(captured.err()).isEmpty();
                assertThat(shown.join()).isEqualTo(ExitCode.OK);
                check(
                        new ObjectMapper().readTree(captured.out()),
                        seat.session().name());
            }
        }
    }

    private void check(JsonNode status, String gateway) {
        assertThat(status.get("members"))
                .extracting(member -> member.get("roles").get(0).asText())
                .containsExactlyInAnyOrder("node", "node", "gateway", "client");
        assertThat(status.get("supervisor").asText()).isEqualTo("node-1");
        assertThat(status.get("coreGroups"))
                .extracting(group -> group.get("node").asText())
                .containsExactly("node-1", "node-2");
        JsonNode served = status.get("served").get(0);
        assertThat(served.get("model").asText()).isEqualTo("mini");
        assertThat(served.get("gateway").asText()).isEqualTo(gateway);
        assertThat(served.get("requestsPerSecond").asDouble()).isPositive();
        assertThat(served.get("parts"))
                .hasSize(2)
                .allSatisfy(part -> assertThat(part.get("busyShare").asDouble()).isPositive());
    }

    @Test
    void endsInTimeWhereNoClusterAnswers() throws IOException {
        Path settings = settings("127.0.0.1:" + freePort());

        ExitCode exit = captured.run("status", "--cluster", settings.toString(), "--timeout", "1");

        assertThat(exit).isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(captured.err()).contains("no member of", "answered within 1000 ms");
    }

    @Test
    void refusesSettingsThatNameNoCluster() throws IOException {
        Path settings = Files.writeString(folder.resolve("none.conf"), "tandem.network.seeds = []");

        assertThat(captured.run("status", "--cluster", settings.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("must name a cluster to join");
    }

    private ServedModel serve(ClusterSeat seat) throws Exception {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        seat.session().awaitNodes(2, DEADLINE);
        return ServedModel.deploy(
                seat,
                OfferedModel.measure(ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("folded"))),
                new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, 2, 1));
    }

    private Path settings(String seed) throws IOException {
        return Files.writeString(folder.resolve("cluster.conf"), "tandem.network.seeds = [\"" + seed + "\"]");
    }

    /** One that was free a moment ago. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
