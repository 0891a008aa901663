package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An application, two gateways and two nodes, each a member of its own, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TandemClientIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String VERSION = "test";
    private static final InferOptions OPTIONS = InferOptions.defaults();

    private final List<MemberNode> nodes = new ArrayList<>();
    private final List<ClusterSession> gateways = new ArrayList<>();
    private Path directory;
    private ModelPackage model;
    private TandemClient client;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        Path file = directory.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        model = ModelFolder.fold(file, FoldOptions.DEFAULTS, directory.resolve("package"));
        for (int node = 1; node <= 2; node++) {
            LoadedSettings loaded = settings("node-" + node);
            nodes.add(MemberNode.start(loaded, VERSION));
        }
        gateways.add(gateway());
        LoadedSettings loaded = settings("");
        client = TandemClient.connect(loaded, VERSION);
    }

    private ClusterSession gateway() throws Exception {
        LoadedSettings loaded = settings("");
        ClusterSession session = ClusterSession.join(loaded, VERSION);
        session.awaitNodes(2, DEADLINE);
        session.admitClients();
        session.deploy(
                model, profile(model.graph()), new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 2, 1), DEADLINE);
        return session;
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        gateways.forEach(ClusterSession::close);
        for (MemberNode node : nodes) {
            node.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void acknowledgesARequestBeforeItAnswersIt() throws Exception {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        Tensor input = input(1);

        InferenceResult result = client.infer(
                        "mini", List.of(input), OPTIONS.withOnAccepted(() -> events.add("accepted")))
                .whenComplete((answer, failure) -> events.add("answered"))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        assertThat(result.outputs().get(0).floats())
                .containsExactly(unsplit(input), org.assertj.core.data.Offset.offset(1e-4f));
        assertThat(events).containsExactly("accepted", "answered");
        assertThat(result.gateway()).startsWith("gateway-");
    }

    @Test
    void namesWhatIsServedWhenAModelIsNot() {
        assertThatThrownBy(() -> client.infer("maxi", List.of(input(1)), OPTIONS)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_SERVING);
                    assertThat(failure).hasMessage("model 'maxi' must be one that is served: [mini]");
                });
    }

    @Test
    void refusesTensorOfWrongShape() {
        Tensor wrong = Tensor.ofFloats("input", List.of(1, 3, 2, 2), new float[12]);

        assertThatThrownBy(() -> client.infer("", List.of(wrong), OPTIONS)
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_INPUT);
                    assertThat(failure).hasMessageContaining("must be FLOAT[1, 3, 64, 64]");
                });
    }

    @Test
    void sendsToAnotherGatewayWhatOneHadWhenItLeft() throws Exception {
        ClusterSession leaving = gateway();
        List<CompletableFuture<InferenceResult>> asked = new ArrayList<>();
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        Tensor input = input(3);
        float[] expected = unsplit(input);
        for (int request = 0; request < 60; request++) {
            asked.add(client.infer("mini", List.of(input), OPTIONS.withOnAccepted(() -> acknowledged.complete(null)))
                    .toCompletableFuture());
        }
        acknowledged.get(30, TimeUnit.SECONDS);

        leaving.close();

        for (CompletableFuture<InferenceResult> answer : asked) {
            assertThat(answer.get(30, TimeUnit.SECONDS).outputs().get(0).floats())
                    .containsExactly(expected, org.assertj.core.data.Offset.offset(1e-4f));
        }
    }

    @Test
    @Order(Integer.MAX_VALUE) // nobody asks through it after that
    void refusesRequestsOnceItIsClosed() {
        client.close();

        assertThatThrownBy(() -> client.infer("mini", List.of(input(1)), OPTIONS)
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_SERVING);
                    assertThat(failure).hasMessage("the client was closed");
                });
    }

    private LoadedSettings settings(String name) {
        String seeds = nodes.isEmpty() ? "[]" : "[\"" + nodes.get(0).address() + "\"]";
        return SettingsLoader.load(
                Optional.empty(),
                ConfigFactory.parseString("tandem { node { name = \"" + name + "\", data-directory = \""
                        + directory.resolve("data-" + name) + "\", memory = 256MiB"
                        + ", core-groups = [{ name = cpu, cpus = [0], threads = 1 }] }"
                        + ", network.seeds = " + seeds
                        + ", runtime { pin-threads = false, native-directory = \""
                        + System.getProperty("tandem.native.directory") + "\" } }"));
    }

    private static ReferenceProfile profile(ModelGraph graph) {
        List<Double> seconds = graph.layers().stream()
                .map(layer -> 1e-5 + layer.multiplyAdds() / 10e9)
                .toList();
        return new ReferenceProfile(new LayerTimes(graph.digest(), seconds), 10e9);
    }

    private Tensor input(long seed) {
        Random random = new Random(seed);
        TensorSpec spec = model.graph().inputs().get(0);
        ByteBuffer content = ByteBuffer.allocate((int) spec.bytes()).order(ByteOrder.nativeOrder());
        while (content.hasRemaining()) {
            content.putFloat((float) random.nextGaussian());
        }
        return Tensor.of(spec, content.flip());
    }

    private float[] unsplit(Tensor input) {
        try (ModelSession whole = ModelSession.open(model.skeleton(), SessionSettings.defaults());
                TensorBuffer buffer = TensorBuffer.allocate(input.spec())) {
            buffer.buffer().put(input.bytes());
            Map<String, TensorBuffer> outputs = whole.run(Map.of(input.spec().name(), buffer));
            TensorBuffer output = outputs.values().iterator().next();
            float[] values = new float[(int) output.spec().elements()];
            output.buffer().asFloatBuffer().get(values);
            outputs.values().forEach(TensorBuffer::close);
            return values;
        }
    }
}
