package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A gateway whose lane loses messages without a word; its timers run as the test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GatewayStallTest {

    private static final Duration TICK = Duration.ofMillis(50);
    private static final long PAST = 0;

    /** Ten seconds, and ten times the plan's latency of 0.1 s. */
    private static final int GRACE_TICKS = 220;

    /** Two seconds, and ten times the latency. */
    private static final int SILENCE_TICKS = 60;

    private final ActorTestKit kit = ActorTestKit.create(
            "stall", ManualTime.config().withFallback(ConfigFactory.parseString("pekko.actor.provider = local")));
    private final ManualTime time = ManualTime.get(kit.system());
    private TestProbe<InferenceReply> client;
    private TestProbe<GatewayMessages.Reply> supervisor;
    private ActorRef<DataMessage> gateway;
    private TestShard shard;

    @BeforeEach
    void activate() {
        client = kit.createTestProbe("client");
        supervisor = kit.createTestProbe("supervisor");
        gateway = kit.spawn(GatewayActor.create(new GatewayActor.Limits(5, 8, 1 << 20), seat()));
        Plan plan = TestPlans.lanes("m", 1);
        shard = new TestShard(kit, gateway, 1, plan, 0);
        gateway.tell(new Activate(
                1,
                plan,
                List.of(TestPlans.INPUT),
                List.of(TestPlans.OUTPUT),
                List.of(shard.ref()),
                Map.of(),
                2,
                GatewayCase.ORIGIN,
                supervisor.ref()));
        supervisor.expectMessage(new Activated(1));
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void reportsALaneThatReturnsNothingLongAfterTheDeadline() {
        infer(PAST);
        pass(GRACE_TICKS);
        supervisor.expectNoMessage(Duration.ZERO);

        pass(1);

        assertThat(supervisor.expectMessageClass(Faulty.class).reason())
                .isEqualTo("lane 0 has returned nothing for 11000 ms, though it is overdue");
    }

    @Test
    void reportsALaneThatNeverGivesItsCreditBack() {
        infer(Long.MAX_VALUE);
        shard.answerWithoutCredit(shard.next());
        client.receiveMessage();

        pass(GRACE_TICKS + 2);

        supervisor.expectMessageClass(Faulty.class);
    }

    @Test
    void waitsForALaneThatStillReturnsWhatIsOverdue() {
        infer(PAST);
        infer(PAST);
        pass(GRACE_TICKS);
        shard.answerNext();
        pass(GRACE_TICKS);
        shard.answerNext();

        pass(GRACE_TICKS + 1);

        supervisor.expectNoMessage(Duration.ZERO);
    }

    @Test
    void waitsForADeadlineThatIsFarAway() {
        infer(Long.MAX_VALUE);

        pass(2 * GRACE_TICKS);

        supervisor.expectNoMessage(Duration.ZERO);
    }

    @Test
    void givesToAnotherLaneWhatOneDoesNotReturnWhileTheOtherDoes() {
        List<TestShard> lanes = activateLanes();
        infer(Long.MAX_VALUE);
        infer(Long.MAX_VALUE);
        TensorFrame lost = lanes.get(0).next();
        awaitGateway();
        lanes.get(1).answerNext();
        client.receiveMessage();

        pass(SILENCE_TICKS);
        supervisor.expectNoMessage(Duration.ZERO);
        pass(1);

        assertThat(supervisor.expectMessageClass(LanesLost.class).lanes()).containsExactly(0);
        TensorFrame again = lanes.get(1).next();
        assertThat(again.header().request()).isEqualTo(lost.header().request());
        lanes.get(1).answer(again);
        client.receiveMessage();
    }

    @Test
    void waitsForLanesOfWhichNoneReturnsAnything() {
        activateLanes();
        infer(Long.MAX_VALUE);
        infer(Long.MAX_VALUE);

        pass(2 * SILENCE_TICKS);

        supervisor.expectNoMessage(Duration.ZERO);
    }

    @Test
    void waitsForALaneOfWhichNoEndWasPredicted() {
        Plan plan = TestPlans.lanes("m", 1, 1);
        PlanScore endless = new PlanScore(Double.POSITIVE_INFINITY, 1, List.of(), "a link that is not known");
        activateLanes(new Plan("model", "m", "test", plan.lanes(), endless));
        infer(PAST);

        pass(2 * GRACE_TICKS);

        supervisor.expectNoMessage(Duration.ZERO);
    }

    private List<TestShard> activateLanes() {
        return activateLanes(TestPlans.lanes("m", 1, 1));
    }

    private List<TestShard> activateLanes(Plan plan) {
        List<TestShard> lanes =
                List.of(new TestShard(kit, gateway, 2, plan, 0), new TestShard(kit, gateway, 2, plan, 1));
        gateway.tell(new Activate(
                2,
                plan,
                List.of(TestPlans.INPUT),
                List.of(TestPlans.OUTPUT),
                lanes.stream().map(TestShard::ref).toList(),
                Map.of(),
                2,
                GatewayCase.ORIGIN,
                supervisor.ref()));
        supervisor.expectMessage(new Activated(2));
        supervisor.expectMessageClass(Drained.class);
        return lanes;
    }

    /** From when the gateway has heard of all that was sent until it has heard of all of these ticks. */
    private void pass(int ticks) {
        awaitGateway();
        time.timePasses(TICK.multipliedBy(ticks));
        awaitGateway();
    }

    private void awaitGateway() {
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();
        gateway.tell(new Describe(asker.ref()));
        asker.receiveMessage();
    }

    private void infer(long deadline) {
        Tensor input = Tensor.ofFloats("input", List.of(1, 4), new float[4]);
        gateway.tell(new Infer(RequestId.random(), List.of(input), deadline, client.ref()));
    }

    private GatewayActor.Seat seat() {
        return new GatewayActor.Seat(
                "here",
                kit.<LinkProbe.Command>createTestProbe().ref(),
                kit.<SupervisorMessages.Command>createTestProbe().ref(),
                new NoTether());
    }

    private static final class NoTether implements GatewayActor.Tether {

        @Override
        public void connect(String node, TetherAddress at) {}

        @Override
        public void release(String node) {}

        @Override
        public Runnable onLost(GatewayActor.LossListener listener) {
            return () -> {};
        }
    }
}
