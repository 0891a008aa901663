package dev.tandem.actors.gateway;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.FrameHeader;
import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.actors.transport.PieceOutbox;
import dev.tandem.actors.transport.RequestStamp;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** The only shard of a lane, played by the test: answers with the input's first value and its negation. */
final class TestShard {

    private static final Endpoint ENDPOINT = new Endpoint(0, 0);

    private final int lane;
    private final TestProbe<DataMessage> probe;
    private final ActorRef<DataMessage> gateway;
    private final PieceOutbox outbox;

    TestShard(ActorTestKit kit, ActorRef<DataMessage> gateway, long epoch, Plan plan, int lane) {
        this.lane = lane;
        this.gateway = gateway;
        this.probe = kit.createTestProbe("shard");
        List<PieceOutbox.Destination> destinations = IndexedEdge.outOf(
                        plan.lanes().get(lane), ENDPOINT)
                .stream()
                .map(edge -> new PieceOutbox.Destination(edge, gateway))
                .toList();
        this.outbox = new PieceOutbox(epoch, lane, destinations, 1000, 1 << 20);
    }

    ShardRef ref() {
        return new ShardRef(lane, ENDPOINT, probe.ref());
    }

    TensorFrame next() {
        List<DataMessage> caught = probe.fishForMessage(
                Duration.ofSeconds(3),
                message -> message instanceof TensorFrame
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return (TensorFrame) caught.get(0);
    }

    void expectNothing() {
        probe.expectNoMessage(Duration.ofMillis(20));
    }

    void answerNext() {
        answer(next());
    }

    void answer(TensorFrame request) {
        credit(request);
        answerWithoutCredit(request);
    }

    void answerWithoutCredit(TensorFrame request) {
        ByteBuffer input = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        ((TensorFrame.View) request.payload()).source().copyTo(0, input, 16);
        float value = input.getFloat(0);
        ByteBuffer output = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        output.putFloat(0, value).putFloat(4, -value);
        outbox.send(stamp(request), edge -> RegionView.whole(output, TestPlans.OUTPUT, Region.WHOLE));
    }

    void failNext(String reason) {
        TensorFrame request = next();
        credit(request);
        outbox.fail(stamp(request), reason);
    }

    private void credit(TensorFrame request) {
        gateway.tell(new Credit(request.header().route(), request.header().sequence()));
    }

    private static RequestStamp stamp(TensorFrame request) {
        FrameHeader header = request.header();
        return new RequestStamp(header.request(), header.sequence(), header.deadlineEpochMillis());
    }
}
