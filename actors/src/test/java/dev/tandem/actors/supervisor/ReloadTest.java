package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.settings.SettingsKeeper;
import dev.tandem.actors.settings.SettingsMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.Reload;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.config.LiveSettings;
import dev.tandem.config.LogLevel;
import dev.tandem.config.SettingsChange;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real supervisor and a real keeper of settings with a real file; nodes and the gateway are played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ReloadTest {

    private static final long ENOUGH = 1L << 30;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration A_MOMENT = Duration.ofMillis(200);
    private static final DeployOrder OPEN = new DeployOrder(Optional.empty(), Optional.empty(), 0, 0);

    private final ActorTestKit kit = TestSystems.start("reload");
    private ModelGraph graph;
    private Path file;
    private LiveSettings live;
    private ActorRef<SupervisorMessages.Command> supervisor;
    private ActorRef<SettingsMessages.Command> keeper;
    private TestProbe<DataMessage> gateway;
    private GatewayRef gatewayRef;
    private TestProbe<DeployReply> client;
    private TestProbe<ReloadReport> reports;

    @BeforeAll
    void model(@TempDir Path directory) throws Exception {
        NativeLibrary.prepare(Path.of(System.getProperty("tandem.native.directory")));
        Path model = directory.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(model, ZooOptions.defaults());
        graph = ModelFolder.fold(model, FoldOptions.DEFAULTS, directory.resolve("package"))
                .graph();
    }

    @BeforeEach
    void serve(@TempDir Path directory) throws IOException {
        file = Files.writeString(directory.resolve("tandem.conf"), "tandem.planner.nodes = [a]");
        live = new LiveSettings(SettingsLoader.load(Optional.of(file), ConfigFactory.empty()));
        Supervisor.Limits limits =
                new Supervisor.Limits(LONG, LONG, LONG, 2, RuntimeCosts.NONE, Duration.ofMillis(100));
        supervisor = kit.spawn(
                Supervisor.create(limits, () -> PlanPolicy.of(live.current().cluster())));
        keeper = kit.spawn(SettingsKeeper.create(new SettingsKeeper.Owner("a", true), live, supervisor));
        gateway = kit.createTestProbe();
        client = kit.createTestProbe();
        reports = kit.createTestProbe();
        gatewayRef = new GatewayRef(
                "gateway", kit.spawn(SupervisorCase.taciturn(gateway.ref())), kit.spawn(LinkProbe.create()));
        supervisor.tell(new Announce(gatewayRef, 0, 0, 0, List.of(), false, false));
        node("a", ENOUGH);
        deploy();
        assertThat(activated()).isEqualTo("a");
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @AfterEach
    void stopKeeper() {
        kit.stop(keeper);
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                ProtocolCheck.ownMessages(SettingsMessages.class, SettingsMessages.Command.class),
                ProtocolCheck.ownMessages(SettingsKeeper.class, SettingsMessages.Command.class));

        assertThat(ProtocolCheck.unhandled(
                        () -> SettingsKeeper.create(new SettingsKeeper.Owner("a", true), live, supervisor), messages))
                .isEmpty();
        assertThat(ProtocolCheck.unhandled(
                        () -> ReloadRound.create(new Reload(Optional.of(keeper), reports.ref()), supervisor),
                        ProtocolCheck.ownMessages(ReloadRound.class, ReloadRound.Event.class)))
                .isEmpty();
    }

    @Test
    void movesWhatIsServedToTheNodesThatAreAllowedNow() throws IOException {
        node("b", ENOUGH);
        write("tandem { planner.nodes = [b, c], log.level = debug }");

        reload();
        assertThat(activated()).isEqualTo("b");

        ReloadReport report = reports.receiveMessage(PATIENCE);
        assertThat(report.reasons()).isEmpty();
        assertThat(report.epochs()).hasSize(1);
        assertThat(report.members().get(0).changes())
                .extracting(SettingsChange::toString)
                .containsExactly("tandem.planner.nodes: [a] -> [b, c]", "tandem.log.level: info -> debug");
        assertThat(report.notes())
                .containsExactly("tandem.planner.nodes allows [c], which the cluster does not have now");
        assertThat(live.current().log().level()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void codesWhatIsServedAsTheSettingsSayNow() throws IOException {
        write("tandem.planner { nodes = [a], codec = float16-lz4 }");

        reload();
        assertThat(activated()).isEqualTo("a");

        ReloadReport report = reports.receiveMessage(PATIENCE);
        assertThat(report.reasons()).isEmpty();
        assertThat(report.members().get(0).changes())
                .extracting(SettingsChange::toString)
                .containsExactly("tandem.planner.codec: exact -> float16-lz4");
    }

    @Test
    void noticesAFileThatHasChanged() throws IOException {
        node("b", ENOUGH);

        write("tandem.planner.nodes = [b]");

        assertThat(activated()).isEqualTo("b");
    }

    @Test
    void refusesAllOfAFileWhenOneModelWouldNotFit() throws IOException {
        TandemSettings before = live.current();
        node("small", 1024);
        write("tandem { planner { nodes = [small], objective = latency }, log.level = debug }");

        reload();

        ReloadReport report = reports.receiveMessage(PATIENCE);
        assertThat(report.reasons()).singleElement().satisfies(reason -> assertThat(reason)
                .startsWith("mini of gateway: ")
                .contains("are missing"));
        assertNothingHasChanged(before);
    }

    @Test
    void refusesAFileWithErrorsAndNamesThemAll() throws IOException {
        TandemSettings before = live.current();
        write("tandem {\n  planner.nodes = [b]\n  planner.max-nodes = 0\n  log.levle = debug\n}");

        reload();

        assertThat(reports.receiveMessage(PATIENCE).reasons())
                .anySatisfy(reason -> assertThat(reason).startsWith("a: " + file + ":3: tandem.planner.max-nodes"))
                .anySatisfy(reason -> assertThat(reason).startsWith("a: " + file + ":4: tandem.log.levle"));
        assertNothingHasChanged(before);
    }

    @Test
    void keepsTheOldSettingsWhenARolloutFails() throws IOException {
        TandemSettings before = live.current();
        TestNode broken = node("b", ENOUGH);
        broken.silent = true;
        kit.stop(keeper);
        write("tandem.planner.nodes = [b]");
        keeper = kit.spawn(SettingsKeeper.create(new SettingsKeeper.Owner("a", true), live, supervisor));

        reload();
        // The keeper has noticed it, too.
        for (int round = 0; round < 2; round++) {
            Prepare prepare = broken.next(Prepare.class);
            prepare.replyTo().tell(new StepFailed(prepare.epoch(), "b", "disk is full"));
        }

        assertThat(reports.receiveMessage(PATIENCE).reasons()).singleElement().satisfies(reason -> assertThat(reason)
                .contains("disk is full"));
        assertThat(live.current()).isEqualTo(before);
        deploy();
        assertThat(activated()).isEqualTo("a");
    }

    @Test
    void namesWhatNeedsARestartAndTakesOverTheRest() throws IOException {
        write("tandem { planner.nodes = [a], node.memory = 256MiB, gateway.queue-capacity = 7 }");

        reload();

        ReloadReport report = reports.receiveMessage(PATIENCE);
        assertThat(report.reasons()).isEmpty();
        assertThat(report.epochs()).isEmpty();
        assertThat(report.members().get(0).changes())
                .extracting(SettingsChange::toString)
                .containsExactly(
                        "tandem.node.memory: auto -> 256MiB (needs a restart)",
                        "tandem.gateway.queue-capacity: 64 -> 7");
        assertThat(live.current().gateway().queueCapacity()).isEqualTo(7);
    }

    @Test
    void triesOutWhatComesAfterAnOrderThatIsUnderWay() throws IOException {
        TestNode b = node("b", ENOUGH);
        deploy();
        Activate ordered = nextActivate();
        write("tandem.planner.nodes = [b]");

        reload();
        reports.expectNoMessage(A_MOMENT);
        ordered.replyTo().tell(new Activated(ordered.epoch()));

        assertThat(activated()).isEqualTo("b");
        assertThat(b.next(Prepare.class).epoch()).isGreaterThan(ordered.epoch());
        assertThat(reports.receiveMessage(PATIENCE).reasons()).isEmpty();
    }

    @Test
    void saysThatNobodyKeepsSettings() {
        ActorTestKit alone = TestSystems.start("alone");
        try {
            TestProbe<ReloadReport> asker = alone.createTestProbe();
            TestProbe<PolicyChanges.Change> nobody = alone.createTestProbe();

            alone.spawn(ReloadRound.create(new Reload(Optional.empty(), asker.ref()), nobody.ref()));

            assertThat(asker.receiveMessage(PATIENCE).reasons())
                    .containsExactly("no member keeps settings yet. Maybe try again when a node has started.");
        } finally {
            alone.shutdownTestKit();
        }
    }

    @Test
    void saysThatAMemberDoesNotAnswer() {
        TestProbe<SettingsMessages.Command> silent = kit.createTestProbe();

        supervisor.tell(new Reload(Optional.of(silent.ref()), reports.ref()));

        assertThat(reports.receiveMessage(PATIENCE).reasons()).singleElement().satisfies(reason -> assertThat(reason)
                .contains("did not say within 3 s what its settings are"));
    }

    private void assertNothingHasChanged(TandemSettings before) {
        gateway.expectNoMessage(A_MOMENT);
        assertThat(live.current()).isEqualTo(before);
        deploy();
        assertThat(activated()).isEqualTo("a");
    }

    private void write(String settings) throws IOException {
        Files.writeString(file, settings);
    }

    /** Where a keeper watches while the file is written, it asks for the same a moment later. */
    private void reload() {
        supervisor.tell(new Reload(Optional.of(keeper), reports.ref()));
    }

    private TestNode node(String name, long memoryBytes) {
        TestNode node = new TestNode(kit, name);
        supervisor.tell(node.registration(memoryBytes));
        return node;
    }

    private void deploy() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        LayerTimes times = new LayerTimes(
                graph.digest(), Collections.nCopies(graph.layers().size(), 0.001));
        ModelOffer offer = new ModelOffer(
                new ModelManifest(graph.name(), graph.digest(), piece, piece),
                new String(GraphJson.write(graph), StandardCharsets.UTF_8),
                new ReferenceProfile(times, 1e9),
                kit.<PieceSource.Command>createTestProbe().ref());
        supervisor.tell(new Deploy(offer, OPEN, gatewayRef, LONG.toMillis(), client.ref()));
    }

    private Activate nextActivate() {
        return (Activate) gateway.fishForMessage(
                        PATIENCE,
                        message -> message instanceof Activate
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    /** Confirms the next epoch; returns where its first shard is. */
    private String activated() {
        Activate activate = nextActivate();
        activate.replyTo().tell(new Activated(activate.epoch()));
        return activate.plan()
                .lanes()
                .get(0)
                .stages()
                .get(0)
                .shards()
                .get(0)
                .place()
                .node();
    }
}
