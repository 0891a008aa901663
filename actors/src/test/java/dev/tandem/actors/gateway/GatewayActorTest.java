package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply.Failed;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a gateway takes, queues, sends and answers requests. */
class GatewayActorTest extends GatewayCase {

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
    void saysWhatIsWrongAsLongAsItIs() {
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();

        gateway.tell(new GatewayActor.Problem("the file is broken"));
        gateway.tell(new GatewayMessages.Describe(asker.ref()));
        gateway.tell(new GatewayActor.Problem(""));
        gateway.tell(new GatewayMessages.Describe(asker.ref()));

        assertThat(asker.receiveMessage().problem()).isEqualTo("the file is broken");
        assertThat(asker.receiveMessage().problem()).isEmpty();
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
    void answersWhatIsLeftWhenItEnds() {
        activate(1, "m");
        infer(1);
        infer(2);
        infer(3);

        gateway.tell(GatewayActor.Close.CLOSE);

        for (int request = 0; request < 3; request++) {
            assertFailed(ErrorCode.PIPELINE_LOST, "the gateway has ended");
        }
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
    void dealsToTheLaneThatHasAnsweredFirst() {
        List<TestShard> lanes = activate(1, "m", 1, 1);
        infer(1);
        RequestId second = infer(2);
        lanes.get(1).answerNext();
        assertCompleted(second, 1, 2);

        RequestId third = infer(3);

        lanes.get(1).answerNext();
        assertCompleted(third, 1, 3);
    }

    @Test
    void sparesASlowLaneWhileAFasterOneIsFree() {
        List<TestShard> lanes = activate(1, "m", 3, 1);

        for (int index = 0; index < 8; index++) {
            RequestId request = infer(index);
            lanes.get(0).answerNext();
            assertCompleted(request, 1, index);
        }
    }

    @Test
    void dealsAsManyAsLanesAreFasterThanOthers() {
        List<TestShard> lanes = activate(1, "m", 1.5, 1);
        List<RequestId> requests = List.of(infer(1), infer(2));

        lanes.get(1).answerNext();
        assertCompleted(requests.get(1), 1, 2);
        lanes.get(0).answerNext();
        assertCompleted(requests.get(0), 1, 1);
    }

    @Test
    void dealsPastWhatAnEpochThatDrainsStillHasUnderWay() {
        List<TestShard> before = activate(1, "m", 1, 1);
        infer(1);
        before.get(0).next();

        List<TestShard> after = activate(2, "m", 1, 1);
        RequestId next = infer(2);

        assertThat(after.get(1).next().header().request()).isEqualTo(next);
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
}
