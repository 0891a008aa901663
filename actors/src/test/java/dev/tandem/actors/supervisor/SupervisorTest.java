package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.DeployReply.PlanRefused;
import dev.tandem.actors.protocol.DeployReply.RolloutFailed;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeployed;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor with real links, a real planner and rollouts; nodes and gateways are played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SupervisorTest {

    private static final long ENOUGH = 1L << 30;
    private static final PlanPolicy POLICY =
            new PlanPolicy(Scheme.AUTO, Objective.THROUGHPUT, Constraints.NONE, List.of());
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SETTLING = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ActorTestKit kit = TestSystems.start("supervisor");
    private final Map<String, TestNode> nodes = new TreeMap<>();
    private ModelGraph graph;
    private ActorRef<SupervisorMessages.Command> supervisor;
    private TestProbe<DeployReply> client;
    private TestProbe<DataMessage> gateway;
    private GatewayRef gatewayRef;

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

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.of(
                        ProtocolCheck.ownMessages(SupervisorMessages.class, SupervisorMessages.Command.class),
                        Stream.<Class<?>>of(GatewayMessages.Holdings.class),
                        ProtocolCheck.ownMessages(Supervisor.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Deployments.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Adoption.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Reloads.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(PolicyChanges.class, SupervisorMessages.Command.class),
                        Stream.<Class<?>>of(LinkSurvey.Surveyed.class))
                .flatMap(types -> types);

        assertThat(ProtocolCheck.unhandled(() -> Supervisor.create(limits(LONG), () -> POLICY), messages))
                .isEmpty();
    }

    @Test
    void measuresPlansAndRollsOut() {
        TestNode node = node("a");

        deploy(Scheme.SINGLE, 1);
        Activate activate = activated();

        Deployed deployed = client.expectMessageClass(Deployed.class, PATIENCE);
        assertThat(deployed.epoch()).isEqualTo(activate.epoch());
        assertThat(deployed.plan().lanes().get(0).stages()).hasSize(1);
        assertThat(node.next(Wire.class).epoch()).isEqualTo(deployed.epoch());
    }

    @Test
    void showsWhatIsWhereAndWhatGatewaysSay() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        long epoch = activated().epoch();
        client.expectMessageClass(Deployed.class, PATIENCE);
        GatewayMessages.Stats said = new GatewayMessages.Stats(1, epoch, 7, 0, 2, 3, 400, 0, List.of());
        TestProbe<ClusterStatus> asker = kit.createTestProbe();

        supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));
        gateway.fishForMessage(PATIENCE, message -> {
            if (message instanceof GatewayMessages.Describe describe) {
                describe.replyTo().tell(said);
                return FishingOutcomes.complete();
            }
            return FishingOutcomes.continueAndIgnore();
        });

        ClusterStatus status = asker.receiveMessage(PATIENCE);
        assertThat(status.nodes()).extracting(node -> node.node().id()).containsExactly("a");
        assertThat(status.gateways()).containsExactly(new ClusterStatus.GatewayStatus("gateway", Optional.of(said)));
        assertThat(status.epochs()).singleElement().satisfies(shown -> {
            assertThat(shown.epoch()).isEqualTo(epoch);
            assertThat(shown.isServing()).isTrue();
            assertThat(shown.shards()).singleElement().satisfies(shard -> assertThat(shard.node())
                    .isEqualTo("a"));
        });
    }

    @Test
    void showsAGatewayThatDoesNotAnswerWithoutFigures() {
        TestProbe<ClusterStatus> asker = kit.createTestProbe();

        supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));

        assertThat(asker.receiveMessage(PATIENCE).gateways())
                .containsExactly(new ClusterStatus.GatewayStatus("gateway", Optional.empty()));
    }

    @Test
    void refusesModelWithoutRoomAndSaysHowMuchIsMissingAndWhere() {
        register(new TestNode(kit, "small"), 1024);

        deploy(Scheme.SINGLE, 1);

        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .contains("the largest, small, has 1")
                .contains("are missing");
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
    }

    @Test
    void refusesWhileThereAreNoNodesAndServesOnceThereAre() {
        deploy(Scheme.SINGLE, 1);
        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .contains("no nodes");

        node("a");
        deploy(Scheme.SINGLE, 1);

        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void goesOnWithTheNextDeploymentWhenOneHasFailed() {
        TestNode node = node("a");
        node.silent = true;
        deploy(Scheme.SINGLE, 1);
        deploy(Scheme.SINGLE, 1);
        Prepare first = node.next(Prepare.class);
        node.silent = false;

        first.replyTo().tell(new StepFailed(first.epoch(), "a", "disk is full"));

        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("disk is full");
        node.expectRetired(first.epoch());
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void recoversOnWhatIsLeftWhenANodeIsLost() {
        List<TestNode> nodes = List.of(node("a"), node("b"), node("c"));
        deploy(Scheme.PIPELINE, 3);
        long epoch = activated().epoch();
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("b");

        Abandon abandon = nextAbandon();
        assertThat(abandon.epoch()).isEqualTo(epoch);
        assertThat(abandon.outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        nodes.get(0).expectRetired(epoch);
        Activate next = activated();
        assertThat(next.plan().lanes().get(0).stages())
                .hasSize(2)
                .noneMatch(stage -> stage.shards().get(0).place().node().equals("b"));
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void tellsTheGatewayWhenNothingCanFollowForNow() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("a");

        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        Abandon last = nextAbandon();
        assertThat(last.outlook()).isEqualTo(Outlook.INTERRUPTED);
        assertThat(last.reason()).contains("no nodes");
    }

    @Test
    void servesAgainWhatCouldNotBePutBackAsSoonAsANodeComes() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        lose("a");
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.INTERRUPTED);

        node("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void doesNotPutInPlaceWhatNobodyWaitsForAnyMore() {
        TestNode node = node("a");
        node.silent = true;

        deploy(gatewayRef, Scheme.SINGLE, 1, Duration.ofMillis(500));

        Prepare prepare = node.next(Prepare.class);
        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("its time was over");
        node.expectRetired(prepare.epoch());
    }

    @Test
    void putsBackWhatIsLostBeforeItGoesOnWithAnOrderOfAnother() {
        TestNode lost = node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestNode slow = node("b");
        slow.silent = true;
        lost.silent = true;
        TestProbe<DataMessage> other = kit.createTestProbe("other-gateway");
        GatewayRef otherRef = new GatewayRef("other", other.ref(), kit.spawn(LinkProbe.create()));
        supervisor.tell(new Announce(otherRef, 0, 0, List.of(), false));
        deploy(otherRef, Scheme.PIPELINE, 2, LONG);
        Prepare displaced = slow.next(Prepare.class);
        slow.silent = false;
        node("c");

        lose("a");

        assertThat(activated().epoch()).isGreaterThan(displaced.epoch());
        Activate later = (Activate) other.fishForMessage(
                        PATIENCE,
                        message -> message instanceof Activate
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
        assertThat(later.epoch()).isGreaterThan(displaced.epoch());
    }

    @Test
    void makesDoWithOneLaneWhereOnlyOneNodeIsLeft() {
        node("a");
        node("b");
        deploy(Scheme.LANES, 2);
        assertThat(activated().plan().lanes()).hasSize(2);
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("a");

        assertThat(activated().plan().lanes()).singleElement().satisfies(lane -> assertThat(lane.stages())
                .allSatisfy(stage ->
                        assertThat(stage.shards().get(0).place().node()).isEqualTo("b")));
    }

    @Test
    void refusesSecondNodeOfANameWhileTheFirstLives() {
        ActorTestKit elsewhere = TestSystems.start("elsewhere");
        TestNode first = node("a");
        TestNode second = new TestNode(elsewhere, "a");

        register(second, ENOUGH);
        register(first, ENOUGH);

        assertThat(second.refusals.receiveMessage(PATIENCE).reason())
                .contains("another node named a lives at")
                .contains("tandem.node.name");
        deploy(Scheme.SINGLE, 1);
        activated();
        second.steps.expectNoMessage(Duration.ofMillis(20));
        elsewhere.shutdownTestKit();
    }

    @Test
    void forgetsWhatCouldNotBePutBackWhenItIsWithdrawn() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        lose("a");
        nextAbandon();
        nextAbandon();

        supervisor.tell(
                new Undeploy(gateway.ref(), kit.<Undeployed>createTestProbe().ref()));
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
        TestNode other = node("b");

        other.steps.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void goesOnTryingAfterThreeAttemptsHaveFailed() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        node.next(Wire.class);
        node.silent = true;
        supervisor.tell(new FramesLost(first.epoch(), "a frame was lost"));
        for (int attempt = 0; attempt < 3; attempt++) {
            Prepare prepare = node.next(Prepare.class);
            prepare.replyTo().tell(new StepFailed(prepare.epoch(), "a", "disk is full"));
        }
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.INTERRUPTED);

        node.silent = false;
        node("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch() + 3);
    }

    @Test
    void failsTheRolloutWhenOneOfItsNodesIsLost() {
        node("a");
        TestNode slow = node("b");
        slow.silent = true;
        deploy(Scheme.PIPELINE, 2);
        slow.next(Prepare.class);

        lose("b");

        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("node b was lost");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void answersWithTheRecoveryWhenANodeIsLostWhileTheGatewaySwitches() {
        node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate unanswered = nextActivate();

        lose("b");

        assertThat(nextAbandon().epoch()).isEqualTo(unanswered.epoch());
        Activate next = activated();
        assertThat(client.expectMessageClass(Deployed.class, PATIENCE).epoch()).isEqualTo(next.epoch());
    }

    @Test
    void recoversWhenTheNodeWasLostJustAsTheGatewaySwitched() {
        node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate first = nextActivate();

        first.replyTo().tell(new Activated(first.epoch()));
        lose("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void recoversFromLostFramesAndFaults() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        supervisor.tell(new FramesLost(first.epoch(), "a frame was lost"));
        Activate second = activated();
        second.replyTo().tell(new Faulty(second.epoch(), "frame out of order"));

        assertThat(activated().epoch()).isGreaterThan(second.epoch());
        assertThat(first.epoch()).isLessThan(second.epoch());
    }

    @Test
    void doesNotPutTheOldModelBackOverOneThatWasOrderedMeanwhile() {
        node("a");
        TestNode other = node("b");
        deploy(Scheme.PIPELINE, 2);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        other.next(Wire.class);
        deploy(Scheme.SINGLE, 1);
        Activate ordered = nextActivate();
        String stays = ordered.plan()
                .lanes()
                .get(0)
                .stages()
                .get(0)
                .shards()
                .get(0)
                .place()
                .node();

        lose(stays.equals("a") ? "b" : "a");
        ordered.replyTo().tell(new Activated(ordered.epoch()));

        assertThat(client.expectMessageClass(Deployed.class, PATIENCE).epoch()).isEqualTo(ordered.epoch());
        deploy(Scheme.SINGLE, 1);
        assertThat(nextActivate().epoch())
                .as("no epoch in between was given to a recovery")
                .isEqualTo(ordered.epoch() + 1);
    }

    @Test
    void retiresTheOldEpochWhenTheGatewayHasDrainedIt() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        deploy(Scheme.SINGLE, 1);
        activated();

        first.replyTo().tell(new Drained(first.epoch()));

        node.expectRetired(first.epoch());
    }

    @Test
    void givesUpAnEpochThatDoesNotDrain() {
        supervisor = kit.spawn(Supervisor.create(limits(Duration.ofMillis(50)), () -> POLICY));
        announce(0);
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        deploy(Scheme.SINGLE, 1);
        activated();

        Abandon abandon = nextAbandon();

        assertThat(abandon.epoch()).isEqualTo(first.epoch());
        assertThat(abandon.reason()).contains("not drained");
        node.expectRetired(first.epoch());
    }

    @Test
    void takesANodeThatStartsAgainForAnother() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();

        TestNode again = node("a");

        assertThat(nextAbandon().epoch()).isEqualTo(first.epoch());
        assertThat(again.next(Prepare.class).epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void noticesThatAnAgentHasStopped() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();

        kit.stop(node.agent);

        assertThat(nextAbandon().epoch()).isEqualTo(first.epoch());
    }

    @Test
    void freesWhatServedAGatewayThatHasStopped() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        gateway.stop();

        node.expectRetired(first.epoch());
    }

    @Test
    void endsTheRolloutOfAGatewayThatHasStopped() {
        TestNode node = node("a");
        node.silent = true;
        deploy(Scheme.SINGLE, 1);
        Prepare prepare = node.next(Prepare.class);

        gateway.stop();

        node.expectRetired(prepare.epoch());
        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("the gateway has stopped");
    }

    @Test
    void undeploysAndAnswersWhenTheNodesHave() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestProbe<Undeployed> asker = kit.createTestProbe();

        supervisor.tell(new Undeploy(gateway.ref(), asker.ref()));

        asker.expectMessage(new Undeployed(first.epoch()));
        node.expectRetired(first.epoch());
        supervisor.tell(new Undeploy(gateway.ref(), asker.ref()));
        asker.expectMessage(new Undeployed(0));
    }

    @Test
    void takesOverWhatAGatewayServesAndRecoversItLater() {
        TestNode first = node("a");
        TestNode second = node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        startAgain();
        register(first, ENOUGH);
        register(second, ENOUGH);
        handOver(holdings(Optional.of(served), List.of(), Optional.empty()));

        first.next(NodeMessages.Adopt.class);
        second.next(NodeMessages.Adopt.class);
        GatewayMessages.Adopt adopt = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        assertThat(adopt.epoch()).isEqualTo(served.epoch());
        adopt.replyTo().tell(new Faulty(served.epoch(), "frame out of order"));
        assertThat(nextAbandon().epoch()).isEqualTo(served.epoch());
        assertThat(activated().epoch()).isGreaterThan(served.epoch());
    }

    @Test
    void recoversWhatItTookOverWhenANodeDoesNotRegister() {
        TestNode first = node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();

        startAgain();
        register(first, ENOUGH);
        handOver(holdings(Optional.of(served), List.of(), Optional.empty()));

        assertThat(nextAbandon().reason()).contains("node b was lost");
        assertThat(activated().plan().lanes().get(0).stages()).hasSize(1);
    }

    @Test
    void resumesARecoveryThatAnotherSupervisorHasLeftUndone() {
        TestNode first = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate served = activated();

        startAgain();
        register(first, ENOUGH);
        handOver(holdings(Optional.empty(), List.of(), Optional.of(served.origin())));

        assertThat(activated().epoch()).isGreaterThan(served.epoch());
    }

    @Test
    void drainsWhatAnotherSupervisorHasReplaced() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate old = activated();
        deploy(Scheme.SINGLE, 1);
        Activate serving = activated();

        startAgain();
        register(node, ENOUGH);
        handOver(holdings(Optional.of(serving), List.of(old), Optional.empty()));
        // Each epoch is adopted by an actor of its own, so either may be the first.
        GatewayMessages.Adopt one = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        GatewayMessages.Adopt other = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        (one.epoch() == old.epoch() ? one : other).replyTo().tell(new Drained(old.epoch()));

        assertThat(List.of(one.epoch(), other.epoch())).containsExactlyInAnyOrder(old.epoch(), serving.epoch());
        node.expectRetired(old.epoch());
    }

    @Test
    void givesEpochsThatAreNewerThanWhatAnyGatewayHasSeen() {
        announce(41);
        node("a");

        deploy(Scheme.SINGLE, 1);

        assertThat(activated().epoch()).isEqualTo(42);
    }

    @Test
    void doesNotBelieveReportsThatCannotBeTrueNow() {
        node("a");
        node("b");
        node("c");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestNode last = Objects.requireNonNull(nodes.get(place(served, 1)));

        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", "a node that is not there"));
        supervisor.tell(new PeerLost(last.name, last.incarnation - 100, "silent", "gateway"));
        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", idle(served)));
        TestProbe<ClusterView> asker = kit.createTestProbe();
        supervisor.tell(new AwaitNodes(0, asker.ref()));

        assertThat(asker.receiveMessage().nodes()).hasSize(3);
        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", "gateway"));
        assertThat(nextAbandon().epoch()).isEqualTo(served.epoch());
    }

    private static String place(Activate served, int stage) {
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

    private String idle(Activate served) {
        return nodes.keySet().stream()
                .filter(name -> !name.equals(place(served, 0)) && !name.equals(place(served, 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void doesNotTakeALostNodeBackForWhatWasUnderWayFromIt() {
        TestNode node = node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        activated();
        lose("a");
        TestProbe<ClusterView> asker = kit.createTestProbe();

        register(node, ENOUGH);
        supervisor.tell(new AwaitNodes(1, asker.ref()));

        assertThat(asker.receiveMessage().nodes())
                .extracting(report -> report.node().id())
                .containsExactly("b");
    }

    @Test
    void tellsThoseWhoWaitForNodes() {
        TestProbe<ClusterView> asker = kit.createTestProbe();
        supervisor.tell(new AwaitNodes(2, asker.ref()));
        node("a");
        asker.expectNoMessage(Duration.ofMillis(20));

        node("b");

        assertThat(asker.receiveMessage().nodes())
                .extracting(report -> report.node().id())
                .containsExactly("a", "b");
        supervisor.tell(new AwaitNodes(1, asker.ref()));
        assertThat(asker.receiveMessage().nodes()).hasSize(2);
    }

    /** Another supervisor, to which nobody has said anything. */
    private void startAgain() {
        kit.stop(supervisor);
        supervisor = kit.spawn(Supervisor.create(limits(LONG), () -> POLICY));
    }

    private void announce(long newestEpoch) {
        supervisor.tell(new Announce(gatewayRef, newestEpoch, 0, List.of(), false));
    }

    private Holdings holdings(
            Optional<Activate> serving, List<Activate> draining, Optional<GatewayMessages.Origin> interrupted) {
        return new Holdings(gatewayRef, serving, draining, interrupted);
    }

    /** What a gateway does when a supervisor does not know what it holds. */
    private void handOver(Holdings holdings) {
        List<Long> draining = holdings.draining().stream().map(Activate::epoch).toList();
        long serving = holdings.serving().map(Activate::epoch).orElse(0L);
        supervisor.tell(new Announce(
                gatewayRef, 100, serving, draining, holdings.interrupted().isPresent()));
        GatewayMessages.Recall recall = (GatewayMessages.Recall) next(GatewayMessages.Recall.class);
        recall.replyTo().tell(holdings);
    }

    private static Supervisor.Limits limits(Duration drainTimeout) {
        return new Supervisor.Limits(LONG, drainTimeout, SETTLING, 2, RuntimeCosts.NONE);
    }

    private TestNode node(String name) {
        TestNode node = new TestNode(kit, name);
        nodes.put(name, node);
        register(node, ENOUGH);
        return node;
    }

    private void register(TestNode node, long memoryBytes) {
        supervisor.tell(node.registration(memoryBytes));
    }

    /** All that can be tied to it notice. */
    private void lose(String node) {
        long incarnation = Objects.requireNonNull(nodes.get(node)).incarnation;
        Stream.concat(Stream.of("gateway"), nodes.keySet().stream())
                .filter(reporter -> !reporter.equals(node))
                .forEach(reporter -> supervisor.tell(new PeerLost(node, incarnation, "connection reset", reporter)));
    }

    private void deploy(Scheme scheme, int maxNodes) {
        deploy(gatewayRef, scheme, maxNodes, LONG);
    }

    private void deploy(GatewayRef to, Scheme scheme, int maxNodes, Duration timeLeft) {
        DeployOrder order = new DeployOrder(scheme, Objective.LATENCY, maxNodes, 1);
        supervisor.tell(new Deploy(offer(), order, to, timeLeft.toMillis(), client.ref()));
    }

    private ModelOffer offer() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        LayerTimes times = new LayerTimes(
                graph.digest(), Collections.nCopies(graph.layers().size(), 0.001));
        return new ModelOffer(
                new ModelManifest(graph.name(), graph.digest(), piece, piece),
                new String(GraphJson.write(graph), StandardCharsets.UTF_8),
                new ReferenceProfile(times, 1e9),
                kit.<PieceSource.Command>createTestProbe().ref());
    }

    private Activate activated() {
        Activate activate = nextActivate();
        activate.replyTo().tell(new Activated(activate.epoch()));
        return activate;
    }

    private Activate nextActivate() {
        return (Activate) next(Activate.class);
    }

    private Abandon nextAbandon() {
        return (Abandon) next(Abandon.class);
    }

    private DataMessage next(Class<?> type) {
        return gateway.fishForMessage(
                        PATIENCE,
                        message -> type.isInstance(message)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }
}
