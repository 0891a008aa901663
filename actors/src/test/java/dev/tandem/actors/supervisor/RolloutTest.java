package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One rollout over two nodes that the test plays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RolloutTest {

    private static final long EPOCH = 6;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ActorTestKit kit = TestSystems.start("rollout");
    private TestNode first;
    private TestNode second;
    private TestProbe<DataMessage> gateway;
    private TestProbe<GatewayMessages.Reply> supervisor;
    private TestProbe<Rollout.Outcome> owner;

    @BeforeEach
    void nodes() {
        first = new TestNode(kit, "a");
        second = new TestNode(kit, "b");
        gateway = kit.createTestProbe("gateway");
        supervisor = kit.createTestProbe("supervisor");
        owner = kit.createTestProbe("owner");
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        assertThat(ProtocolCheck.unhandled(
                        () -> Rollout.create(order(), LONG, owner.ref()), Stream.of(Rollout.Event.class)))
                .isEmpty();
    }

    @Test
    void preparesThenWiresThenActivates() {
        second.silent = true;
        ActorRef<Rollout.Event> rollout = start();
        first.next(Prepare.class);
        Prepare waiting = second.next(Prepare.class);
        first.steps.expectNoMessage(Duration.ofMillis(20));
        second.silent = false;
        second.agent.tell(waiting);

        Wire wire = first.next(Wire.class);
        assertThat(wire.shards()).extracting("shard").containsExactlyInAnyOrder(new Endpoint(0, 0), new Endpoint(1, 0));
        second.next(Wire.class);
        Activate activate = gateway.expectMessageClass(Activate.class);
        assertThat(activate.shards()).hasSize(2);
        owner.expectNoMessage(Duration.ofMillis(20));
        activate.replyTo().tell(new GatewayMessages.Activated(EPOCH));

        assertThat(owner.expectMessageClass(Rollout.Done.class).order().epoch()).isEqualTo(EPOCH);
        activate.replyTo().tell(new GatewayMessages.Drained(EPOCH));
        supervisor.expectMessage(new GatewayMessages.Drained(EPOCH));
        owner.expectTerminated(rollout);
    }

    @Test
    void undoesEverythingWhenANodeFails() {
        second.silent = true;
        start();
        second.next(Prepare.class).replyTo().tell(new StepFailed(EPOCH, "b", "disk is full"));

        assertThat(owner.expectMessageClass(Rollout.Failed.class).reason()).contains("node b: disk is full");
        first.next(Retire.class);
        second.next(Retire.class);
        gateway.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void givesUpAfterItsTimeAndNamesWhoIsMissing() {
        second.silent = true;

        kit.spawn(Rollout.create(order(), Duration.ofMillis(50), owner.ref()));

        assertThat(owner.expectMessageClass(Rollout.Failed.class).reason())
                .contains("not in place within PT0.05S")
                .contains("[b]");
        first.next(Retire.class);
    }

    @Test
    void canBeCancelledWhileNodesPrepare() {
        second.silent = true;
        ActorRef<Rollout.Event> rollout = start();
        first.next(Prepare.class);

        rollout.tell(new Rollout.Cancel("node b was lost"));

        assertThat(owner.expectMessageClass(Rollout.Failed.class).reason()).isEqualTo("node b was lost");
        first.next(Retire.class);
        owner.expectTerminated(rollout);
    }

    @Test
    void saysThatTheEpochIsBrokenWhenCancelledAfterTheGatewayWasTold() {
        ActorRef<Rollout.Event> rollout = start();
        gateway.expectMessageClass(Activate.class);

        rollout.tell(new Rollout.Cancel("node b was lost"));

        owner.expectMessageClass(Rollout.Broken.class);
        first.next(Retire.class);
    }

    @Test
    void failsWhenTheGatewayRefuses() {
        start();
        Activate activate = gateway.expectMessageClass(Activate.class);

        activate.replyTo().tell(new GatewayMessages.Faulty(EPOCH, "not newer"));

        assertThat(owner.expectMessageClass(Rollout.Failed.class).reason()).isEqualTo("not newer");
    }

    @Test
    void reportsWhatGoesWrongLater() {
        ActorRef<Rollout.Event> rollout = start();
        Prepare prepare = first.next(Prepare.class);
        Activate activate = gateway.expectMessageClass(Activate.class);
        activate.replyTo().tell(new GatewayMessages.Activated(EPOCH));
        owner.expectMessageClass(Rollout.Done.class);

        prepare.replyTo().tell(new StepFailed(EPOCH, "a", "a shard has stopped"));
        rollout.tell(new Rollout.Cancel("node b was lost"));

        supervisor.expectMessage(new GatewayMessages.Faulty(EPOCH, "node a: a shard has stopped"));
        supervisor.expectMessage(new GatewayMessages.Faulty(EPOCH, "node b was lost"));
        rollout.tell(Rollout.Release.RELEASE);
        owner.expectTerminated(rollout);
    }

    @Test
    void tiesNodesToThoseTheyExchangeFramesWith() {
        RolloutOrder order = order();

        assertThat(order.tethersOf("a")).containsOnlyKeys("b");
        assertThat(order.tethersOf("b")).containsOnlyKeys("a");
        assertThat(order.tethersOf("c")).isEmpty();
        assertThat(order.tethersOfGateway()).containsOnly(Map.entry("a", tether("a")), Map.entry("b", tether("b")));
    }

    private ActorRef<Rollout.Event> start() {
        return kit.spawn(Rollout.create(order(), LONG, owner.ref()));
    }

    private RolloutOrder order() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        ModelOffer offer = new ModelOffer(
                new ModelManifest("model", "m", piece, piece),
                "{}",
                new ReferenceProfile(new LayerTimes("m", List.of(0.1)), 1e9),
                kit.<PieceSource.Command>createTestProbe().ref());
        return new RolloutOrder(
                EPOCH,
                TestPlans.chain("m", "a", "b"),
                offer,
                new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 2, 1),
                List.of(TestPlans.INPUT),
                List.of(TestPlans.OUTPUT),
                Map.of("a", first.agent, "b", second.agent),
                Map.of("a", tether("a"), "b", tether("b")),
                List.of(),
                gateway.ref(),
                2,
                supervisor.ref());
    }

    private static TetherAddress tether(String node) {
        return new TetherAddress(node, 1, 7);
    }
}
