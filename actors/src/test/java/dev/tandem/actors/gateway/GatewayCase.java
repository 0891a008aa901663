package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
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
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A gateway; shards, supervisor and application are played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class GatewayCase {

    static final int WINDOW = 2;
    static final GatewayActor.Limits LIMITS = new GatewayActor.Limits(5, 8, 1 << 20);
    static final GatewayMessages.Origin ORIGIN = new GatewayMessages.Origin(
            new ModelOffer(
                    new ModelManifest("model", "m", new PieceRef("a".repeat(64), 1), new PieceRef("b".repeat(64), 1)),
                    "{}",
                    new ReferenceProfile(new LayerTimes("m", List.of(0.1)), 1e9),
                    TestInbox.<PieceSource.Command>create().getRef()),
            new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1),
            Map.of(),
            Map.of(),
            List.of());
    static final long NEVER = Long.MAX_VALUE;

    final ActorTestKit kit = TestSystems.start("gateway");
    TestProbe<InferenceReply> client;
    TestProbe<GatewayMessages.Reply> supervisor;
    TestProbe<SupervisorMessages.Command> announcements;
    RecordedTethers tethers;
    ActorRef<DataMessage> gateway;

    @BeforeEach
    void spawn() {
        client = kit.createTestProbe("client");
        supervisor = kit.createTestProbe("supervisor");
        announcements = kit.createTestProbe("announcements");
        tethers = new RecordedTethers();
        gateway = kit.spawn(GatewayActor.create(LIMITS, seat()));
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    Announce announcement(Predicate<Announce> wanted) {
        return (Announce) announcements
                .fishForMessage(
                        Duration.ofSeconds(5),
                        message -> message instanceof Announce announce && wanted.test(announce)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    GatewayActor.Seat seat() {
        return new GatewayActor.Seat(
                "here", kit.<LinkProbe.Command>createTestProbe().ref(), announcements.ref(), tethers);
    }

    /** Called by the gateway's thread, read when it has answered. */
    static final class RecordedTethers implements GatewayActor.Tether {

        final List<String> held = new CopyOnWriteArrayList<>();
        private volatile GatewayActor.LossListener listener = (node, incarnation, stood) -> {};
        volatile boolean isHeard = true;

        @Override
        public void connect(String node, TetherAddress at) {
            held.add(node);
        }

        @Override
        public void release(String node) {
            held.remove(node);
        }

        @Override
        public Runnable onLost(GatewayActor.LossListener toTell) {
            listener = toTell;
            return () -> isHeard = false;
        }

        void lose(String node, long incarnation) {
            listener.onLost(node, incarnation, true);
        }

        void fail(String node, long incarnation) {
            listener.onLost(node, incarnation, false);
        }
    }

    static ShardReport report(long epoch) {
        return new ShardReport(epoch, 0, new Endpoint(0, 0), new CoreGroupId("node-0", "cpu"), 1, 0, 1, 1, 1, 0);
    }

    void assertAlive() {
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();
        gateway.tell(new GatewayMessages.Describe(asker.ref()));
        asker.receiveMessage();
    }

    List<TestShard> activate(long epoch, String digest, double... weights) {
        Plan plan = TestPlans.lanes(digest, weights.length == 0 ? new double[] {1} : weights);
        List<TestShard> shards = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            shards.add(new TestShard(kit, gateway, epoch, plan, lane));
        }
        gateway.tell(activation(epoch, plan, shards.stream().map(TestShard::ref).toList()));
        supervisor.expectMessage(new Activated(epoch));
        return shards;
    }

    Activate activation(long epoch, Plan plan, List<ShardRef> shards) {
        return activation(epoch, plan, shards, Map.of());
    }

    Activate activation(long epoch, Plan plan, List<ShardRef> shards, Map<String, TetherAddress> tethers) {
        return activation(epoch, plan, shards, tethers, ORIGIN);
    }

    static GatewayMessages.Origin origin(
            Map<String, ActorRef<NodeMessages.Step>> agents, Map<String, TetherAddress> tethers) {
        return new GatewayMessages.Origin(ORIGIN.offer(), ORIGIN.order(), agents, tethers, List.of());
    }

    Activate activation(
            long epoch,
            Plan plan,
            List<ShardRef> shards,
            Map<String, TetherAddress> tethers,
            GatewayMessages.Origin origin) {
        return new Activate(
                epoch,
                plan,
                List.of(TestPlans.INPUT),
                List.of(TestPlans.OUTPUT),
                shards,
                tethers,
                WINDOW,
                origin,
                supervisor.ref());
    }

    RequestId infer(float value) {
        return infer(value, NEVER);
    }

    RequestId infer(float value, long deadline) {
        RequestId request = RequestId.random();
        Tensor input = Tensor.ofFloats("input", List.of(1, 4), new float[] {value, 0, 0, 0});
        gateway.tell(new GatewayMessages.Infer(request, List.of(input), deadline, client.ref()));
        return request;
    }

    void assertCompleted(RequestId request, long epoch, float value) {
        Completed completed = client.expectMessageClass(Completed.class);
        assertThat(completed.request()).isEqualTo(request);
        assertThat(completed.epoch()).isEqualTo(epoch);
        assertThat(completed.outputs().get(0).floats()).containsExactly(value, -value);
    }

    void assertFailed(ErrorCode code, String reason) {
        Failed failed = client.expectMessageClass(Failed.class);
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.reason()).contains(reason);
    }
}
