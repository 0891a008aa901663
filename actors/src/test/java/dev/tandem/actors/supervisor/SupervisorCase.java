package dev.tandem.actors.supervisor;

import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor with real links, a real planner and rollouts; nodes and gateways are played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class SupervisorCase {

    static final long ENOUGH = 1L << 30;

    /** Of what a gateway puts in place itself: higher than what a supervisor gives in any of these tests. */
    static final long OWN_EPOCH = 1000;

    static final PlanPolicy POLICY = new PlanPolicy(
            Scheme.AUTO, Objective.THROUGHPUT, Constraints.NONE, List.of(), Codec.EXACT, PlanPolicy.Rebalance.NEVER);
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SETTLING = Duration.ofMillis(300);
    static final Duration PATIENCE = Duration.ofSeconds(5);

    final ActorTestKit kit = TestSystems.start("supervisor");
    final Map<String, TestNode> nodes = new TreeMap<>();
    ModelGraph graph;
    ActorRef<SupervisorMessages.Command> supervisor;
    TestProbe<DeployReply> client;
    TestProbe<DataMessage> gateway;
    GatewayRef gatewayRef;

    @BeforeAll
    void model(@TempDir Path directory) throws Exception {
        NativeLibrary.prepare(Path.of(System.getProperty("tandem.native.directory")));
        Path file = directory.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        graph = ModelFolder.fold(file, FoldOptions.DEFAULTS, directory.resolve("package"))
                .graph();
    }

    @BeforeEach
    void spawn() {
        supervisor = kit.spawn(Supervisor.create(limits(LONG), () -> POLICY));
        nodes.clear();
        client = kit.createTestProbe("client");
        gateway = kit.createTestProbe("gateway");
        gatewayRef = new GatewayRef("gateway", gateway.ref(), kit.spawn(LinkProbe.create()));
        announce(0);
    }

    /** A gateway that says nothing of its shards, and shows the test everything else. */
    static Behavior<DataMessage> taciturn(ActorRef<DataMessage> test) {
        return Behaviors.receiveMessage(message -> {
            if (!(message instanceof GatewayMessages.Describe)) {
                test.tell(message);
            }
            return Behaviors.same();
        });
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    static String place(Activate served, int stage) {
        return served.plan()
                .lanes()
                .get(0)
                .stages()
                .get(stage)
                .shards()
                .get(0)
                .place()
                .node();
    }

    /** Another supervisor, to which nobody has said anything. */
    void startAgain() {
        kit.stop(supervisor);
        supervisor = kit.spawn(Supervisor.create(limits(LONG), () -> POLICY));
    }

    void announce(long newestEpoch) {
        supervisor.tell(new Announce(gatewayRef, newestEpoch, 0, 0, List.of(), false, false));
    }

    /** Has the gateway say nothing of its shards. */
    void announceTaciturn() {
        gatewayRef = new GatewayRef("gateway", kit.spawn(taciturn(gateway.ref())), gatewayRef.probe());
        announce(0);
    }

    Holdings holdings(
            Optional<Activate> serving, List<Activate> draining, Optional<GatewayMessages.Origin> interrupted) {
        return new Holdings(gatewayRef, serving, draining, interrupted);
    }

    /** What a gateway holds that has put this plan on a node in place itself, as epoch {@value #OWN_EPOCH}. */
    Holdings standIn(Activate before, Plan plan, TestNode node) {
        GatewayMessages.Origin origin = new GatewayMessages.Origin(
                before.origin().offer(), before.origin().order(), Map.of(node.name, node.agent), Map.of(), List.of());
        Activate own = new Activate(
                OWN_EPOCH,
                plan,
                before.inputs(),
                before.outputs(),
                List.of(),
                Map.of(),
                before.window(),
                origin,
                before.replyTo());
        return holdings(Optional.of(own), List.of(), Optional.empty());
    }

    /** What a gateway does when a supervisor does not know what it holds. */
    void handOver(Holdings holdings) {
        List<Long> draining = holdings.draining().stream().map(Activate::epoch).toList();
        long serving = holdings.serving().map(Activate::epoch).orElse(0L);
        supervisor.tell(new Announce(
                gatewayRef,
                Math.max(100, serving),
                0,
                serving,
                draining,
                holdings.interrupted().isPresent(),
                false));
        GatewayMessages.Recall recall = (GatewayMessages.Recall) next(GatewayMessages.Recall.class);
        recall.replyTo().tell(holdings);
    }

    static Supervisor.Limits limits(Duration drainTimeout) {
        return limits(drainTimeout, Duration.ofMillis(100));
    }

    static Supervisor.Limits limits(Duration drainTimeout, Duration watching) {
        return new Supervisor.Limits(LONG, drainTimeout, SETTLING, 2, RuntimeCosts.NONE, watching);
    }

    TestNode node(String name) {
        TestNode node = new TestNode(kit, name);
        nodes.put(name, node);
        register(node, ENOUGH);
        return node;
    }

    void register(TestNode node, long memoryBytes) {
        supervisor.tell(node.registration(memoryBytes));
    }

    /** All that can be tied to it notice. */
    void lose(String node) {
        long incarnation = Objects.requireNonNull(nodes.get(node)).incarnation;
        Stream.concat(Stream.of("gateway"), nodes.keySet().stream())
                .filter(reporter -> !reporter.equals(node))
                .forEach(reporter -> supervisor.tell(new PeerLost(node, incarnation, "connection reset", reporter)));
    }

    void deploy(Scheme scheme, int maxNodes) {
        deploy(gatewayRef, scheme, maxNodes, LONG);
    }

    void deploy(GatewayRef to, Scheme scheme, int maxNodes, Duration timeLeft) {
        DeployOrder order = new DeployOrder(scheme, Objective.LATENCY, maxNodes, 1);
        supervisor.tell(new Deploy(offer(), order, to, timeLeft.toMillis(), client.ref()));
    }

    ModelOffer offer() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        LayerTimes times = new LayerTimes(
                graph.digest(), Collections.nCopies(graph.layers().size(), 0.001));
        return new ModelOffer(
                new ModelManifest(graph.name(), graph.digest(), piece, piece),
                new String(GraphJson.write(graph), StandardCharsets.UTF_8),
                new ReferenceProfile(times, 1e9),
                kit.<PieceSource.Command>createTestProbe().ref());
    }

    /** The same under another digest. */
    ModelOffer otherModel() {
        ModelOffer offer = offer();
        ModelManifest manifest = offer.manifest();
        String digest = "0".repeat(64);
        LayerTimes times =
                new LayerTimes(digest, Collections.nCopies(graph.layers().size(), 0.001));
        return new ModelOffer(
                new ModelManifest("other", digest, manifest.skeleton(), manifest.graph()),
                offer.graphJson().replace(graph.digest(), digest),
                new ReferenceProfile(times, 1e9),
                offer.source());
    }

    Activate activated() {
        Activate activate = nextActivate();
        activate.replyTo().tell(new Activated(activate.epoch()));
        return activate;
    }

    Activate nextActivate() {
        return (Activate) next(Activate.class);
    }

    Abandon nextAbandon() {
        return (Abandon) next(Abandon.class);
    }

    DataMessage next(Class<?> type) {
        return gateway.fishForMessage(
                        PATIENCE,
                        message -> type.isInstance(message)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }
}
