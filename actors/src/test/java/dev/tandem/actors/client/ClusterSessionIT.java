package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four nodes and a gateway, each with an actor system of its own, talking over loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ClusterSessionIT {

    private static final String VERSION = "test";
    private static final int NODES = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Path directory;

    private final List<MemberNode> nodes = new ArrayList<>();
    private ClusterSession session;
    private ModelPackage model;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        String seeds = "[]";
        for (int node = 1; node <= NODES; node++) {
            LoadedSettings loaded = settings("node-" + node, seeds);
            nodes.add(MemberNode.start(loaded, VERSION));
            seeds = "[\"" + nodes.get(0).address() + "\"]";
        }
        LoadedSettings loaded = settings("", seeds);
        session = ClusterSession.join(loaded, VERSION);
        assertThat(session.awaitNodes(NODES, DEADLINE).nodes()).hasSize(NODES);
        Path file = directory.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        model = ModelFolder.fold(file, FoldOptions.DEFAULTS, directory.resolve("package"));
    }

    @AfterAll
    void stop() throws Exception {
        session.close();
        for (MemberNode node : nodes) {
            node.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private LoadedSettings settings(String name, String seeds) {
        return SettingsLoader.load(
                Optional.empty(),
                ConfigFactory.parseString("tandem { node { name = \"" + name + "\", data-directory = \""
                        + directory.resolve("data-" + name) + "\", memory = 256MiB"
                        + ", core-groups = [{ name = cpu, cpus = [0], threads = 1 }] }"
                        + ", network.seeds = " + seeds
                        + ", runtime { pin-threads = false, native-directory = \""
                        + System.getProperty("tandem.native.directory") + "\" } }"));
    }

    @ParameterizedTest
    @CsvSource({"SINGLE, 1, 1", "PIPELINE, 2, 1", "PIPELINE, 4, 1", "ROWS, 4, 2", "ROWS, 4, 4"})
    void servesTheSameOutputsAsTheUnsplitModel(Scheme scheme, int maxNodes, int shards) throws Exception {
        Deployment deployment = session.deploy(
                model, profile(model.graph()), new DeployOrder(scheme, Objective.LATENCY, maxNodes, shards), DEADLINE);

        List<Tensor> inputs = inputs(20);
        List<CompletableFuture<InferenceReply>> replies = inputs.stream()
                .map(input -> session.infer(List.of(input), DEADLINE).toCompletableFuture())
                .toList();

        assertThat(deployment.plan().scheme()).isEqualToIgnoringCase(scheme.name());
        for (int index = 0; index < inputs.size(); index++) {
            assertOutputs(replies.get(index).get(30, TimeUnit.SECONDS), unsplit(inputs.get(index)));
        }
    }

    @Test
    void servesWhoAsksThroughANodeOfItsOwnProcess() throws Exception {
        List<Tensor> inputs = inputs(20);
        try (ClusterSession onNode = ClusterSession.on(nodes.get(0))) {
            Deployment deployment = deploy(onNode, model, Scheme.ROWS, NODES, 3);
            List<CompletableFuture<InferenceReply>> replies = inputs.stream()
                    .map(input -> onNode.infer(List.of(input), DEADLINE).toCompletableFuture())
                    .toList();

            assertThat(deployment.plan().lanes().get(0).stages())
                    .anySatisfy(stage -> assertThat(stage.shards()).hasSize(3));
            for (int index = 0; index < inputs.size(); index++) {
                assertOutputs(replies.get(index).get(30, TimeUnit.SECONDS), unsplit(inputs.get(index)));
            }
        }
        assertThat(nodes.get(0).terminated().toCompletableFuture()).isNotDone();
    }

    @Test
    void failsNoRequestWhilePlansReplaceEachOther() throws Exception {
        deploy(session, model, Scheme.PIPELINE, 2, 1);
        Tensor input = inputs(1).get(0);
        float[] expected = unsplit(input);
        AtomicBoolean going = new AtomicBoolean(true);
        List<CompletableFuture<List<InferenceReply>>> askers = new ArrayList<>();
        for (int asker = 0; asker < 4; asker++) {
            askers.add(askOnAndOn(input, going, new ArrayList<>()));
        }

        long rows = deploy(session, model, Scheme.ROWS, 4, 3).epoch();
        long pipeline = deploy(session, model, Scheme.PIPELINE, 3, 1).epoch();
        InferenceReply last =
                session.infer(List.of(input), DEADLINE).toCompletableFuture().get(30, TimeUnit.SECONDS);
        going.set(false);

        assertThat(rows).isLessThan(pipeline);
        assertThat(last).isInstanceOfSatisfying(InferenceReply.Completed.class, reply -> assertThat(reply.epoch())
                .isEqualTo(pipeline));
        for (CompletableFuture<List<InferenceReply>> asker : askers) {
            assertThat(asker.get(30, TimeUnit.SECONDS))
                    .isNotEmpty()
                    .allSatisfy(reply -> assertOutputs(reply, expected));
        }
    }

    @Test
    void saysWhatHasNotComeAbout() {
        assertThatThrownBy(() -> session.awaitNodes(99, Duration.ofMillis(200)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("the supervisor knows fewer than 99 measured nodes")
                .hasMessageContaining("Maybe a node was lost");
    }

    @Test
    void putsAGivenPlanInPlaceAsItIs() throws Exception {
        Plan plan = deploy(session, model, Scheme.ROWS, 3, 3).plan();
        deploy(session, model, Scheme.SINGLE, 1, 1);

        Deployment again = session.deploy(model, profile(model.graph()), DeployOrder.exactly(plan), DEADLINE);
        Tensor input = inputs(1).get(0);
        InferenceReply reply =
                session.infer(List.of(input), DEADLINE).toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertThat(again.plan().lanes()).isEqualTo(plan.lanes());
        assertOutputs(reply, unsplit(input));
    }

    private CompletableFuture<List<InferenceReply>> askOnAndOn(
            Tensor input, AtomicBoolean going, List<InferenceReply> replies) {
        return session.infer(List.of(input), DEADLINE).toCompletableFuture().thenCompose(reply -> {
            replies.add(reply);
            return going.get()
                    ? askOnAndOn(input, going, replies)
                    : CompletableFuture.completedFuture(List.copyOf(replies));
        });
    }

    @Test
    void replacesAModelByAnotherThatTakesTheSameInputs() throws Exception {
        Path file = directory.resolve("other.onnx");
        ZooModel.TANDEM_MINI.write(file, new ZooOptions(2, 1, OptionalInt.empty()));
        ModelPackage other = ModelFolder.fold(file, FoldOptions.DEFAULTS, directory.resolve("other-package"));
        List<Tensor> inputs = inputs(8);
        deploy(session, model, Scheme.PIPELINE, 2, 1);
        List<CompletableFuture<InferenceReply>> asked = inputs.stream()
                .map(input -> session.infer(List.of(input), DEADLINE).toCompletableFuture())
                .toList();

        deploy(session, other, Scheme.PIPELINE, 2, 1);
        InferenceReply reply = session.infer(List.of(inputs.get(0)), DEADLINE)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        assertOutputs(reply, unsplit(other, inputs.get(0)));
        for (int index = 0; index < inputs.size(); index++) {
            assertOutputs(asked.get(index).get(30, TimeUnit.SECONDS), unsplit(inputs.get(index)));
        }
    }

    private static void assertOutputs(InferenceReply reply, float[] expected) {
        assertThat(reply).isInstanceOf(InferenceReply.Completed.class);
        assertThat(((InferenceReply.Completed) reply).outputs().get(0).floats())
                .containsExactly(expected, org.assertj.core.data.Offset.offset(1e-4f));
    }

    @Test
    void leavesNothingOnTheNodesWhenASessionIsClosed() throws Exception {
        LoadedSettings loaded = settings("", "[\"" + nodes.get(0).address() + "\"]");
        ClusterSession other = ClusterSession.join(loaded, VERSION);
        deploy(other, model, Scheme.PIPELINE, NODES, 1);
        Deployment deployment = deploy(other, model, Scheme.ROWS, NODES, NODES);
        assertThat(submodels(deployment.epoch())).isNotEmpty();

        other.close();

        assertThat(submodels(deployment.epoch())).isEmpty();
        assertThat(submodels(deployment.epoch() - 1)).isEmpty();
    }

    /** Names only: files of an epoch that drains may go while this looks. */
    private List<Path> submodels(long epoch) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> nodeFolders = Files.newDirectoryStream(directory, "data-*")) {
            for (Path folder : nodeFolders) {
                try (DirectoryStream<Path> files =
                        Files.newDirectoryStream(folder.resolve("pieces"), "epoch-" + epoch + "-*")) {
                    files.forEach(found::add);
                }
            }
        }
        return found;
    }

    private static Deployment deploy(ClusterSession by, ModelPackage model, Scheme scheme, int maxNodes, int shards)
            throws Exception {
        return by.deploy(
                model, profile(model.graph()), new DeployOrder(scheme, Objective.LATENCY, maxNodes, shards), DEADLINE);
    }

    @Test
    void refusesAtOnceWhatIsAskedOfAGatewayThatWasClosed() throws Exception {
        SessionGateway gateway = session.openGateway();
        assertThat(gateway.hasEnded()).isFalse();

        session.close(gateway);

        assertThat(gateway.hasEnded()).isTrue();
        assertThat(gateway.infer(List.of(), DEADLINE).toCompletableFuture())
                .isCompletedWithValueMatching(reply ->
                        reply instanceof InferenceReply.Failed failed && failed.code() == ErrorCode.NOT_SERVING);
    }

    @Test
    void refusesTensorOfWrongShape() throws Exception {
        session.deploy(
                model, profile(model.graph()), new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1), DEADLINE);

        InferenceReply reply = session.infer(
                        List.of(Tensor.ofFloats("input", List.of(1, 3, 2, 2), new float[12])), DEADLINE)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        assertThat(reply).isInstanceOfSatisfying(InferenceReply.Failed.class, failed -> assertThat(failed.reason())
                .contains("'input' is FLOAT[1, 3, 2, 2] but must be FLOAT[1, 3, 64, 64]"));
    }

    /** Layers in proportion to their arithmetic: what is measured elsewhere must not make this test vary. */
    private static ReferenceProfile profile(ModelGraph graph) {
        List<Double> seconds = graph.layers().stream()
                .map(Layer::multiplyAdds)
                .map(operations -> 1e-5 + operations / 10e9)
                .toList();
        return new ReferenceProfile(new LayerTimes(graph.digest(), seconds), 10e9);
    }

    private List<Tensor> inputs(int count) {
        Random random = new Random(7);
        TensorSpec spec = model.graph().inputs().get(0);
        List<Tensor> inputs = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            ByteBuffer content = ByteBuffer.allocate((int) spec.bytes()).order(ByteOrder.nativeOrder());
            while (content.hasRemaining()) {
                content.putFloat((float) random.nextGaussian());
            }
            inputs.add(Tensor.of(spec, content.flip()));
        }
        return inputs;
    }

    private float[] unsplit(Tensor input) {
        return unsplit(model, input);
    }

    private static float[] unsplit(ModelPackage of, Tensor input) {
        try (ModelSession whole = ModelSession.open(of.skeleton(), SessionSettings.defaults());
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
