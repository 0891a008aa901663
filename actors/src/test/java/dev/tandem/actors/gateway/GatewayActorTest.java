package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Claim;
import dev.tandem.actors.gateway.GatewayMessages.Claimed;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Recall;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.InferenceReply.Completed;
import dev.tandem.actors.protocol.InferenceReply.Failed;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroupId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway whose shards are probes: every request is answered, and once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayActorTest {

    private static final int WINDOW = 2;
    private static final GatewayActor.Limits LIMITS = new GatewayActor.Limits(5, 8, 1 << 20);
    static final GatewayMessages.Origin ORIGIN = new GatewayMessages.Origin(
            new ModelOffer(
                    new ModelManifest("model", "m", new PieceRef("a".repeat(64), 1), new PieceRef("b".repeat(64), 1)),
                    "{}",
                    new ReferenceProfile(new LayerTimes("m", List.of(0.1)), 1e9),
                    TestInbox.<PieceSource.Command>create().getRef()),
            new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1),
            Map.of(),
            Map.of());
    private static final long NEVER = Long.MAX_VALUE;

    private final ActorTestKit kit = TestSystems.start("gateway");
    private TestProbe<InferenceReply> client;
    private TestProbe<GatewayMessages.Reply> supervisor;
    private TestProbe<SupervisorMessages.Command> announcements;
    private final RecordedTethers tethers = new RecordedTethers();
    private ActorRef<DataMessage> gateway;

    @BeforeEach
    void spawn() {
        client = kit.createTestProbe("client");
        supervisor = kit.createTestProbe("supervisor");
        announcements = kit.createTestProbe("announcements");
        gateway = kit.spawn(GatewayActor.create(LIMITS, seat()));
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(
                        GatewayMessages.Command.class,
                        TensorFrame.class,
                        Credit.class,
                        ShardReport.class,
                        ShardFault.class),
                ProtocolCheck.ownMessages(GatewayActor.class, DataMessage.class));

        assertThat(ProtocolCheck.unhandled(() -> GatewayActor.create(LIMITS, seat()), messages))
                .isEmpty();
    }

    @Test
    void refusesRequestsBeforeAnythingIsDeployed() {
        infer(1);

        assertFailed(ErrorCode.NOT_SERVING, "no model has been deployed");
    }

    @Test
    void answersInTheOrderOfTheShard() {
        TestShard shard = activate(1, "m").get(0);
        RequestId first = infer(1);
        RequestId second = infer(2);

        shard.answerNext();
        shard.answerNext();

        assertCompleted(first, 1, 1);
        assertCompleted(second, 1, 2);
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void neverHasMoreUnderWayThanTheWindow() {
        TestShard shard = activate(1, "m").get(0);
        infer(1);
        infer(2);
        infer(3);

        TensorFrame first = shard.next();
        shard.next();
        shard.expectNothing();
        shard.answer(first);

        assertThat(shard.next().header().sequence()).isEqualTo(2);
    }

    @Test
    void refusesRequestsBeyondTheQueue() {
        activate(1, "m");
        for (int index = 0; index < WINDOW + LIMITS.queueCapacity(); index++) {
            infer(index);
        }

        infer(99);

        assertFailed(ErrorCode.OVERLOADED, "queue of 5 requests is full");
    }

    @Test
    void keepsToOtherBoundsFromThenOn() {
        activate(1, "m");
        gateway.tell(new GatewayActor.Bound(new GatewayActor.Limits(0, 1, 1024)));
        infer(0);

        infer(1);
        assertFailed(ErrorCode.OVERLOADED, "queue of 0 requests is full");
        gateway.tell(new GatewayActor.Bound(new GatewayActor.Limits(1, 1, 1024)));
        infer(2);
        infer(3);

        assertFailed(ErrorCode.OVERLOADED, "queue of 1 requests is full");
    }

    @Test
    void takesRequestsWithoutAnyQueueWhileThereIsRoom() {
        gateway = kit.spawn(GatewayActor.create(new GatewayActor.Limits(0, 8, 1024), seat()));
        TestShard shard = activate(1, "m").get(0);

        RequestId request = infer(5);

        shard.answerNext();
        assertCompleted(request, 1, 5);
    }

    @Test
    void answersAtTheDeadlineAndOnlyOnce() {
        TestShard shard = activate(1, "m").get(0);
        RequestId late = infer(1, System.currentTimeMillis() - 1);
        assertFailed(ErrorCode.DEADLINE_EXCEEDED, "no complete answer before the deadline");

        shard.answerNext();
        RequestId next = infer(2);
        shard.answerNext();

        assertThat(late).isNotEqualTo(next);
        assertCompleted(next, 1, 2);
    }

    @Test
    void tellsWhyAShardCouldNotCompute() {
        TestShard shard = activate(1, "m").get(0);
        infer(1);

        shard.failNext("no kernel");

        assertFailed(ErrorCode.COMPUTE_FAILED, "no kernel");
    }

    static Stream<List<Tensor>> misfits() {
        Tensor fits = Tensor.ofFloats("input", List.of(1, 4), new float[4]);
        return Stream.of(
                List.of(),
                List.of(Tensor.ofFloats("image", List.of(1, 4), new float[4])),
                List.of(Tensor.ofFloats("input", List.of(4), new float[4])),
                List.of(Tensor.of(new TensorSpec("input", ElementType.INT32, List.of(1, 4)), ByteBuffer.allocate(16))),
                List.of(fits, Tensor.ofFloats("more", List.of(1), new float[1])),
                List.of(fits, fits));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void refusesWhatDoesNotFitTheModelAndLivesOn(List<Tensor> inputs) {
        TestShard shard = activate(1, "m").get(0);

        gateway.tell(new GatewayMessages.Infer(RequestId.random(), inputs, NEVER, client.ref()));
        assertThat(client.expectMessageClass(Failed.class).code()).isEqualTo(ErrorCode.INVALID_INPUT);

        RequestId next = infer(3);
        shard.answerNext();
        assertCompleted(next, 1, 3);
    }

    @Test
    void dealsToLanesByTheirWeights() {
        List<TestShard> lanes = activate(1, "m", 3, 1);
        for (int index = 0; index < 40; index++) {
            infer(index);
            lanes.get(index % 4 == 3 ? 1 : 0).serving = true;
            lanes.forEach(TestShard::answerAllThere);
            client.receiveMessage();
        }

        assertThat(lanes.get(0).answered).isEqualTo(30);
        assertThat(lanes.get(1).answered).isEqualTo(10);
    }

    @Test
    void drainsTheOldEpochBeforeItSaysSo() {
        TestShard old = activate(1, "m").get(0);
        RequestId first = infer(1);
        TestShard next = activate(2, "m").get(0);
        RequestId second = infer(2);
        next.answerNext();
        assertCompleted(second, 2, 2);

        old.answerNext();

        assertCompleted(first, 1, 1);
        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void saysDrainedAtOnceWhenNothingIsInTheOldEpoch() {
        activate(1, "m");
        activate(2, "m");

        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void letsTheOldModelAnswerWhatItWasAskedWhenAnotherTakesItsPlace() {
        TestShard old = activate(1, "m").get(0);
        List<RequestId> asked = List.of(infer(1), infer(2), infer(3));
        TestShard next = activate(2, "another").get(0);
        RequestId toNext = infer(4);
        next.answerNext();
        assertCompleted(toNext, 2, 4);

        for (int index = 0; index < asked.size(); index++) {
            old.answerNext();
            assertCompleted(asked.get(index), 1, index + 1);
        }

        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void sendsAgainInOrderWhatWasLostWithAnEpoch() {
        activate(1, "m", 1, 1);
        List<RequestId> lost = List.of(infer(1), infer(2), infer(3), infer(4));
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        lost = new ArrayList<>(lost);
        lost.add(infer(5));

        TestShard next = activate(2, "m").get(0);

        for (int index = 0; index < lost.size(); index++) {
            next.answerNext();
            assertCompleted(lost.get(index), 2, index + 1);
        }
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void answersThatThePipelineIsLostWhenNothingFollows() {
        activate(1, "m");
        infer(1);

        gateway.tell(new Abandon(1, "node a was lost", GatewayMessages.Outlook.OVER));

        assertFailed(ErrorCode.PIPELINE_LOST, "node a was lost");
        infer(2);
        assertFailed(ErrorCode.NOT_SERVING, "node a was lost");
    }

    @Test
    void givesUpWhenThePlanThatWasToFollowIsRefused() {
        activate(1, "m");
        infer(1);
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        gateway.tell(new Abandon(0, "no memory", GatewayMessages.Outlook.OVER));

        assertFailed(ErrorCode.PIPELINE_LOST, "no memory");
    }

    @Test
    void sendsWhatIsStuckInTheOldEpochToTheNewOne() {
        activate(1, "m");
        RequestId stuck = infer(7);
        TestShard next = activate(2, "m").get(0);

        gateway.tell(new Abandon(1, "not drained in time", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        next.answerNext();
        assertCompleted(stuck, 2, 7);
    }

    @Test
    void neverSendsARequestToAnotherModelThanItWasAskedOf() {
        activate(1, "m");
        infer(1);
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        activate(2, "another");

        assertFailed(ErrorCode.PIPELINE_LOST, "served no more");
    }

    @Test
    void ignoresLateFramesAndCreditOfAnAbandonedEpoch() {
        TestShard old = activate(1, "m").get(0);
        RequestId request = infer(1);
        TensorFrame late = old.next();
        gateway.tell(new Abandon(1, "lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        TestShard next = activate(2, "m").get(0);

        old.answer(late);
        next.answerNext();

        assertCompleted(request, 2, 1);
        supervisor.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void reportsFaultOfShardOnceAndLivesOn() {
        TestShard shard = activate(1, "m").get(0);

        gateway.tell(new ShardFault(1, 0, new Endpoint(0, 0), "frame lost"));
        gateway.tell(new ShardFault(1, 0, new Endpoint(0, 0), "frame lost again"));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("frame lost");
        RequestId request = infer(1);
        shard.answerNext();
        assertCompleted(request, 1, 1);
        supervisor.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void reportsCreditThatMakesNoSenseAndLivesOn() {
        activate(1, "m");

        gateway.tell(new Credit(new Route(1, 0, 0), 5));
        gateway.tell(new Credit(new Route(1, 9, 0), 0));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("must be for request 0");
        assertAlive();
    }

    @Test
    void refusesEpochThatIsNotNewerThanOneItHasSeen() {
        activate(3, "m");
        gateway.tell(new Abandon(5, "lost before it came", GatewayMessages.Outlook.OVER));

        gateway.tell(activation(5, TestPlans.lanes("m", 1), List.of()));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("newer than epoch 5");
        assertAlive();
    }

    @Test
    void refusesPlanWhoseShardsAreNotThere() {
        gateway.tell(activation(1, TestPlans.lanes("m", 1), List.of()));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("no shard 0.0 in epoch 1");
        assertAlive();
    }

    @Test
    void describesItselfWithTheReportsOfTheActiveEpoch() {
        activate(1, "m");
        gateway.tell(report(1));
        gateway.tell(report(9));
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();

        gateway.tell(new GatewayMessages.Describe(asker.ref()));

        GatewayMessages.Stats stats = asker.receiveMessage();
        assertThat(stats.epoch()).isEqualTo(1);
        assertThat(stats.shards()).containsExactly(report(1));
    }

    @Test
    void announcesWhatItServesAgainAndAgain() {
        announcements.fishForMessage(
                Duration.ofSeconds(5),
                message -> message instanceof Announce none && none.serving() == 0
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        TestShard old = activate(3, "m").get(0);
        infer(1);
        activate(5, "m");

        Announce both = announcement(announce -> announce.serving() == 5);

        assertThat(both.draining()).containsExactly(3L);
        assertThat(both.newestEpoch()).isEqualTo(5);
        assertThat(both.isInterrupted()).isFalse();
        old.answerNext();
        assertThat(announcement(announce -> announce.draining().isEmpty()).serving())
                .isEqualTo(5);
    }

    @Test
    void handsAllItHoldsToASupervisorThatAsks() {
        activate(3, "m");
        infer(1);
        activate(5, "m");
        TestProbe<Holdings> later = kit.createTestProbe();

        gateway.tell(new Recall(later.ref()));

        Holdings holdings = later.receiveMessage();
        assertThat(holdings.serving())
                .hasValueSatisfying(held -> assertThat(held.epoch()).isEqualTo(5));
        assertThat(holdings.draining()).extracting(Activate::epoch).containsExactly(3L);
        assertThat(holdings.interrupted()).isEmpty();
    }

    @Test
    void remembersWhatIsToBeServedAgain() {
        activate(3, "m");
        gateway.tell(new Abandon(3, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        TestProbe<Holdings> later = kit.createTestProbe();

        assertThat(announcement(announce -> announce.isInterrupted()).serving()).isZero();
        gateway.tell(new Recall(later.ref()));

        assertThat(later.receiveMessage().interrupted()).contains(ORIGIN);
    }

    @Test
    void forgetsWhatWasToBeServedAgainWhenItIsWithdrawn() {
        activate(3, "m");
        gateway.tell(new Abandon(3, "no nodes", GatewayMessages.Outlook.INTERRUPTED));
        announcement(announce -> announce.isInterrupted());
        infer(1);
        assertFailed(ErrorCode.NOT_SERVING, "no nodes");

        gateway.tell(new Abandon(0, "withdrawn", GatewayMessages.Outlook.OVER));

        assertThat(announcement(announce -> !announce.isInterrupted()).serving())
                .isZero();
    }

    @Test
    void reportsToTheSupervisorThatHasTakenOver() {
        TestShard shard = activate(3, "m").get(0);
        infer(1);
        gateway.tell(new ShardFault(3, 0, new Endpoint(0, 0), "frame lost"));
        supervisor.expectMessageClass(Faulty.class);
        TestProbe<GatewayMessages.Reply> later = kit.createTestProbe();

        gateway.tell(new GatewayMessages.Adopt(3, later.ref()));
        gateway.tell(new GatewayMessages.Adopt(2, later.ref()));

        assertThat(later.expectMessageClass(Faulty.class).reason()).contains("frame lost");
        later.expectMessage(new Drained(2));
        activate(4, "m");
        shard.answerNext();
        later.expectMessage(new Drained(3));
    }

    @Test
    void neverTakesAnEpochThatItHasToldANodeToFree() {
        TestProbe<Claimed> node = kit.createTestProbe();
        activate(3, "m");

        gateway.tell(new Claim(3, node.ref()));
        gateway.tell(new Claim(4, node.ref()));
        gateway.tell(activation(4, TestPlans.lanes("m", 1), List.of()));

        node.expectMessage(new Claimed(3, true));
        node.expectMessage(new Claimed(4, false));
        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("newer than epoch 4");
    }

    private Announce announcement(Predicate<Announce> wanted) {
        return (Announce) announcements
                .fishForMessage(
                        Duration.ofSeconds(5),
                        message -> message instanceof Announce announce && wanted.test(announce)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    private GatewayActor.Seat seat() {
        return new GatewayActor.Seat(
                "here", kit.<LinkProbe.Command>createTestProbe().ref(), announcements.ref(), tethers);
    }

    @Test
    void letsNodesGoWithTheEpochThatNeededThem() {
        Plan plan = TestPlans.lanes("m", 1);
        TestShard shard = new TestShard(kit, gateway, 3, plan, 0);
        Map<String, TetherAddress> nodes = Map.of("a", new TetherAddress("10.0.0.1", 1, 7));

        gateway.tell(activation(3, plan, List.of(shard.ref()), nodes));
        supervisor.expectMessage(new Activated(3));
        assertThat(tethers.held).containsExactly("a");
        gateway.tell(new Abandon(3, "lost", GatewayMessages.Outlook.OVER));
        assertAlive();

        assertThat(tethers.held).isEmpty();
    }

    /** Called by the gateway's thread, read when it has answered. */
    private static final class RecordedTethers implements GatewayActor.Tether {

        private final List<String> held = new CopyOnWriteArrayList<>();

        @Override
        public void connect(String node, TetherAddress at) {
            held.add(node);
        }

        @Override
        public void release(String node) {
            held.remove(node);
        }
    }

    private static ShardReport report(long epoch) {
        return new ShardReport(epoch, 0, new Endpoint(0, 0), new CoreGroupId("node-0", "cpu"), 1, 0, 1, 1, 1, 0);
    }

    private void assertAlive() {
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();
        gateway.tell(new GatewayMessages.Describe(asker.ref()));
        asker.receiveMessage();
    }

    private List<TestShard> activate(long epoch, String digest, double... weights) {
        Plan plan = TestPlans.lanes(digest, weights.length == 0 ? new double[] {1} : weights);
        List<TestShard> shards = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            shards.add(new TestShard(kit, gateway, epoch, plan, lane));
        }
        gateway.tell(activation(epoch, plan, shards.stream().map(TestShard::ref).toList()));
        supervisor.expectMessage(new Activated(epoch));
        return shards;
    }

    private Activate activation(long epoch, Plan plan, List<ShardRef> shards) {
        return activation(epoch, plan, shards, Map.of());
    }

    private Activate activation(long epoch, Plan plan, List<ShardRef> shards, Map<String, TetherAddress> tethers) {
        return new Activate(
                epoch,
                plan,
                List.of(TestPlans.INPUT),
                List.of(TestPlans.OUTPUT),
                shards,
                tethers,
                WINDOW,
                ORIGIN,
                supervisor.ref());
    }

    private RequestId infer(float value) {
        return infer(value, NEVER);
    }

    private RequestId infer(float value, long deadline) {
        RequestId request = RequestId.random();
        Tensor input = Tensor.ofFloats("input", List.of(1, 4), new float[] {value, 0, 0, 0});
        gateway.tell(new GatewayMessages.Infer(request, List.of(input), deadline, client.ref()));
        return request;
    }

    private void assertCompleted(RequestId request, long epoch, float value) {
        Completed completed = client.expectMessageClass(Completed.class);
        assertThat(completed.request()).isEqualTo(request);
        assertThat(completed.epoch()).isEqualTo(epoch);
        assertThat(completed.outputs().get(0).floats()).containsExactly(value, -value);
    }

    private void assertFailed(ErrorCode code, String reason) {
        Failed failed = client.expectMessageClass(Failed.class);
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.reason()).contains(reason);
    }
}
