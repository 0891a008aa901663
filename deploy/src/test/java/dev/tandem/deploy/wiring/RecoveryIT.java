package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.client.Deployment;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that are killed while they serve: real processes of the program, which the kernel ends without a word. The first
 * member is the oldest and so hosts the supervisor.
 */
@SuppressWarnings("NullAway.Init")
class RecoveryIT {

    private static final int NODES = 3;
    private static final int ASKERS = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Offset<Float> EXACT_ENOUGH = Offset.offset(1e-4f);

    private LocalCluster cluster;
    private ClusterSession session;
    private ModelPackage model;
    private Tensor input;
    private float[] expected;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        cluster = LocalCluster.start(NodeTemplate.equal(NODES, 1, 256L << 20, List.of(0)));
        LoadedSettings loaded = SettingsLoader.load(
                Optional.empty(),
                ConfigFactory.parseMap(Map.of("tandem.network.seeds", List.of(cluster.seed())), "the test"));
        NativeLibrary.prepare(loaded.settings().runtime().nativeDirectory());
        session = ClusterSession.join(loaded, BuildVersion.text());
        session.awaitNodes(NODES, DEADLINE);
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        model = ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("package"));
        Map<String, TensorValue> sample = new SampleInputs(model.graph().inputs(), 7).sample(0);
        TensorValue value = sample.values().iterator().next();
        input = Tensor.of(value.spec(), value.buffer());
        try (UnsplitModel whole = UnsplitModel.open(file, 1)) {
            expected = floats(whole.run(sample).values().iterator().next());
        }
    }

    @AfterEach
    void stop() {
        session.close();
        cluster.close();
    }

    @Test
    void servesOnWithoutAMemberThatIsKilled() throws Exception {
        assertRecoversFromTheDeathOf(1);
    }

    /** Until the supervisor has another place takes longer than all else here. */
    @Test
    @Tag("nightly")
    void servesOnWithoutTheMemberThatHostsTheSupervisor() throws Exception {
        long recovered = assertRecoversFromTheDeathOf(0);

        Deployment next = deploy(Scheme.SINGLE, 1);

        assertThat(next.epoch()).as("ordered from the new supervisor").isGreaterThan(recovered);
        assertRight(ask());
    }

    /** Kills under load; returns the epoch that serves afterwards. */
    private long assertRecoversFromTheDeathOf(int member) throws Exception {
        Deployment before = deploy(Scheme.PIPELINE, NODES);
        assertThat(places(before.plan())).contains("node-" + (member + 1));
        Load load = new Load(before.epoch());
        try {
            load.awaitFlow();

            kill(member);

            assertThat(session.awaitNodes(1, DEADLINE).nodes())
                    .as("asked of the supervisor that is, or comes")
                    .isNotEmpty();
            load.awaitRecovery();
        } finally {
            load.stop();
        }
        assertThat(load.replies()).allSatisfy(this::assertRight);
        InferenceReply.Completed last = assertRight(ask());
        Stats stats = session.stats().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(stats.completed() + stats.failed())
                .as("one answer to each request")
                .isEqualTo(load.replies().size() + 1);
        assertThat(stats.queued() + stats.inFlight()).isZero();
        assertThat(last.epoch()).isGreaterThan(before.epoch());
        return last.epoch();
    }

    private void kill(int member) throws Exception {
        ProcessHandle process = cluster.processes().get(member);
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    private Deployment deploy(Scheme scheme, int maxNodes) throws Exception {
        DeployOrder order = new DeployOrder(scheme, Objective.LATENCY, maxNodes, 1);
        return session.deploy(model, profile(model.graph()), order, DEADLINE);
    }

    private InferenceReply ask() throws Exception {
        return session.infer(List.of(input), DEADLINE)
                .toCompletableFuture()
                .get(DEADLINE.toSeconds() + 10, TimeUnit.SECONDS);
    }

    private InferenceReply.Completed assertRight(InferenceReply reply) {
        assertThat(reply).isInstanceOf(InferenceReply.Completed.class);
        InferenceReply.Completed completed = (InferenceReply.Completed) reply;
        assertThat(completed.outputs().get(0).floats()).containsExactly(expected, EXACT_ENOUGH);
        return completed;
    }

    private static List<String> places(Plan plan) {
        return plan.lanes().get(0).stages().stream()
                .map(stage -> stage.shards().get(0).place().node())
                .toList();
    }

    /** Layers in proportion to their arithmetic: what is measured elsewhere must not make this test vary. */
    private static ReferenceProfile profile(ModelGraph graph) {
        List<Double> seconds = graph.layers().stream()
                .map(Layer::multiplyAdds)
                .map(operations -> 1e-5 + operations / 10e9)
                .toList();
        return new ReferenceProfile(new LayerTimes(graph.digest(), seconds), 10e9);
    }

    private static float[] floats(TensorValue value) {
        float[] values = new float[(int) value.spec().elements()];
        value.buffer().asFloatBuffer().get(values);
        return values;
    }

    /** Several who ask, each as soon as it has its answer. */
    private final class Load {

        private static final int FLOW = 40;

        private final AtomicBoolean going = new AtomicBoolean(true);
        private final CountDownLatch flow = new CountDownLatch(FLOW);
        private final CompletableFuture<Long> recovered = new CompletableFuture<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(ASKERS);
        private final List<Future<List<InferenceReply>>> askers = new ArrayList<>();
        private final List<InferenceReply> replies = new ArrayList<>();

        Load(long epochBefore) {
            for (int asker = 0; asker < ASKERS; asker++) {
                askers.add(threads.submit(() -> askOnAndOn(epochBefore)));
            }
        }

        private List<InferenceReply> askOnAndOn(long epochBefore) throws Exception {
            List<InferenceReply> own = new ArrayList<>();
            while (going.get()) {
                InferenceReply reply = ask();
                own.add(reply);
                flow.countDown();
                if (reply instanceof InferenceReply.Completed completed && completed.epoch() > epochBefore) {
                    recovered.complete(completed.epoch());
                }
            }
            return own;
        }

        void awaitFlow() throws InterruptedException {
            assertThat(flow.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        void awaitRecovery() throws Exception {
            recovered.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }

        void stop() throws Exception {
            going.set(false);
            for (Future<List<InferenceReply>> asker : askers) {
                replies.addAll(asker.get(DEADLINE.toSeconds() + 20, TimeUnit.SECONDS));
            }
            threads.shutdown();
        }

        List<InferenceReply> replies() {
            return replies;
        }
    }
}
