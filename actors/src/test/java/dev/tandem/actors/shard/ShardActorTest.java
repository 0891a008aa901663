package dev.tandem.actors.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.fixture.TinyModel;
import dev.tandem.actors.node.CoreGroupActor;
import dev.tandem.actors.node.CoreGroupThreads;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.actors.transport.PieceOutbox;
import dev.tandem.actors.transport.RequestStamp;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.runtime.SessionPool;
import dev.tandem.inference.runtime.SessionSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** A shard with a real session; the test is its gateway, and its core group: tasks run when the test says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ShardActorTest {

    private static final int WINDOW = 2;
    private static final long EPOCH = 4;
    private static final Endpoint ENDPOINT = new Endpoint(0, 0);
    private static final Lane LANE = TestPlans.chain("m", "node-0").lanes().get(0);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final ActorTestKit kit = TestSystems.start("shard");
    private Path model;
    private TestProbe<ShardActor.Opened> owner;
    private TestProbe<CoreGroupActor.Command> coreGroup;
    private TestProbe<CoreGroupActor.Command> opener;
    private TestProbe<DataMessage> gateway;
    private ActorRef<DataMessage> shard;
    private PieceOutbox producer;
    private SessionPool sessions;

    @BeforeAll
    void writeModel(@TempDir Path directory) {
        NativeLibrary.prepare(Path.of(System.getProperty("tandem.native.directory")));
        model = TinyModel.writeTo(directory.resolve("tiny.onnx"));
    }

    @BeforeEach
    void spawn() {
        sessions = new SessionPool();
        owner = kit.createTestProbe("owner");
        coreGroup = kit.createTestProbe("core-group");
        opener = kit.createTestProbe("opener");
        gateway = kit.createTestProbe("gateway");
        shard = kit.spawn(ShardActor.create(setup(model), sessions, threads(), owner.ref()));
        List<PieceOutbox.Destination> destinations = IndexedEdge.outOf(LANE, Endpoint.GATEWAY).stream()
                .map(edge -> new PieceOutbox.Destination(edge, shard))
                .toList();
        producer = new PieceOutbox(EPOCH, 0, destinations, 100, 1 << 20);
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.of(ShardActor.Command.class, TensorFrame.class, Credit.class);

        assertThat(ProtocolCheck.unhandled(
                        () -> ShardActor.create(setup(model), sessions, threads(), owner.ref()), messages))
                .isEmpty();
    }

    @Test
    void computesInOrderAndGivesCreditForWhatItHasUsed() {
        connect();
        send(0, 1);
        send(1, 2);
        runNext();
        runNext();

        assertThat(firstValue(nextFrame(), 0)).isEqualTo(1);
        assertThat(next(Credit.class)).isEqualTo(new Credit(new Route(EPOCH, 0, 0), 0));
        assertThat(firstValue(nextFrame(), 1)).isEqualTo(2);
    }

    @Test
    void passesFailureOnWithoutComputing() {
        connect();
        producer.fail(stamp(0, Long.MAX_VALUE), "no memory at the stage before");

        runNext();

        assertThat(nextFrame().reason()).isEqualTo("no memory at the stage before");
    }

    @Test
    void doesNotComputeWhatIsPastItsDeadline() {
        connect();
        send(0, 1, System.currentTimeMillis() - 1);

        runNext();

        TensorFrame frame = nextFrame();
        assertThat(frame.header().failed()).isTrue();
        assertThat(frame.reason()).contains("the deadline passed");
    }

    @Test
    void waitsForCreditBeforeItUsesABufferAgain() {
        connect();
        send(0, 1);
        send(1, 2);
        runNext();
        runNext();
        nextFrame();
        nextFrame();
        send(2, 3);
        coreGroup.expectNoMessage(SHORT);

        shard.tell(new Credit(new Route(EPOCH, 0, 1), 0));
        runNext();

        assertThat(firstValue(nextFrame(), 2)).isEqualTo(3);
    }

    @Test
    void reportsMoreRequestsThanTheWindowAsFaultAndOnlyOnce() {
        connect();
        for (int sequence = 0; sequence < WINDOW + 3; sequence++) {
            send(sequence, 1);
        }

        assertThat(nextFault().reason()).contains("more than 2 requests were sent without credit");
        gateway.fishForMessage(
                Duration.ofSeconds(3),
                message -> message instanceof ShardFault
                        ? FishingOutcomes.fail("a second fault")
                        : message instanceof ShardReport
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore());
    }

    @Test
    void reportsCreditThatMakesNoSenseAndLivesOn() {
        connect();

        shard.tell(new Credit(new Route(EPOCH, 0, 1), 7));

        assertThat(nextFault().reason()).contains("must be for request 0");
        shard.tell(ShardActor.Stop.STOP);
        runNext();
        gateway.expectTerminated(shard);
    }

    @Test
    void freesItsSessionWhenItIsStopped() {
        connect();

        shard.tell(ShardActor.Stop.STOP);
        shard.tell(ShardActor.Stop.STOP);
        runNext();

        owner.expectTerminated(shard);
    }

    @Test
    void freesItsSessionWhenItIsStoppedWhileItIsOpened() {
        CoreGroupActor.Execute opening = opener.expectMessageClass(CoreGroupActor.Execute.class);
        shard.tell(ShardActor.Stop.STOP);

        opening.task().run();
        runNext();

        owner.expectTerminated(shard);
        owner.expectNoMessage(SHORT);
    }

    @Test
    void doesNotReportWhatWasOpenedAfterItsNodeHasStopped() {
        CoreGroupActor.Execute opening = opener.expectMessageClass(CoreGroupActor.Execute.class);
        kit.stop(shard);

        opening.task().run();

        owner.expectNoMessage(SHORT);
    }

    @Test
    void sharesTheSessionOfAnEpochThatComputesTheSame() {
        connect();
        ActorRef<DataMessage> other = kit.spawn(ShardActor.create(setup(model), sessions, threads(), owner.ref()));
        openNext();
        owner.expectMessage(new ShardActor.Ready(0, ENDPOINT));
        assertThat(sessions.size()).isEqualTo(1);

        other.tell(ShardActor.Stop.STOP);
        runNext();
        owner.expectTerminated(other);
        send(0, 1);
        runNext();

        assertThat(firstValue(nextFrame(), 0)).isEqualTo(1);
        shard.tell(ShardActor.Stop.STOP);
        runNext();
        owner.expectTerminated(shard);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void saysWhyAModelCannotBeOpened(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.onnx"), "not a model");
        ActorRef<DataMessage> unlucky = kit.spawn(ShardActor.create(setup(broken), sessions, threads(), owner.ref()));
        opener.expectMessageClass(CoreGroupActor.Execute.class);

        openNext();

        assertThat(owner.expectMessageClass(ShardActor.NotOpened.class).reason())
                .contains("broken.onnx");
        owner.expectTerminated(unlucky);
    }

    private CoreGroupThreads threads() {
        return new CoreGroupThreads(coreGroup.ref(), opener.ref());
    }

    private void connect() {
        openNext();
        owner.expectMessage(new ShardActor.Ready(0, ENDPOINT));
        shard.tell(new ShardActor.Connect(Map.of(Endpoint.GATEWAY, gateway.ref())));
    }

    private void openNext() {
        opener.expectMessageClass(CoreGroupActor.Execute.class).task().run();
    }

    private void runNext() {
        coreGroup.expectMessageClass(CoreGroupActor.Execute.class).task().run();
    }

    private void send(long sequence, float value) {
        send(sequence, value, Long.MAX_VALUE);
    }

    private void send(long sequence, float value, long deadline) {
        ByteBuffer input = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        input.putFloat(0, value);
        producer.send(stamp(sequence, deadline), edge -> RegionView.whole(input, TestPlans.INPUT, Region.WHOLE));
    }

    private static RequestStamp stamp(long sequence, long deadline) {
        return new RequestStamp(new RequestId(1, sequence), sequence, deadline);
    }

    private TensorFrame nextFrame() {
        return next(TensorFrame.class);
    }

    private ShardFault nextFault() {
        return next(ShardFault.class);
    }

    /** What the gateway hears next of that type; the rest is skipped. */
    private <T> T next(Class<T> type) {
        List<DataMessage> caught = gateway.fishForMessage(
                Duration.ofSeconds(3),
                message -> type.isInstance(message) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
        return type.cast(caught.get(0));
    }

    private static float firstValue(TensorFrame frame, long sequence) {
        assertThat(frame.header().sequence()).isEqualTo(sequence);
        ByteBuffer output = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        ((TensorFrame.View) frame.payload()).source().copyTo(0, output, 8);
        return output.getFloat(0);
    }

    private static ShardSetup setup(Path file) {
        return new ShardSetup(
                EPOCH,
                0,
                LANE,
                ENDPOINT,
                Map.of("input", TestPlans.INPUT, "output", TestPlans.OUTPUT),
                file,
                SessionSettings.defaults(),
                WINDOW,
                1 << 20);
    }
}
