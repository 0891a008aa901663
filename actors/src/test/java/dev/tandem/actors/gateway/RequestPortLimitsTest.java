package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines, memory, and outputs that are held. */
class RequestPortLimitsTest extends RequestPortCase {

    @Test
    void grantsNoLongerDeadlineThanItsLimit() {
        RequestId request = RequestId.random();
        long hour = Duration.ofHours(1).toMillis();

        port.tell(new Ask(request, 0, "model", hour, List.of(), client.ref()));

        Infer infer = gateway.expectMessageClass(Infer.class);
        long granted = infer.deadlineEpochMillis() - System.currentTimeMillis();
        assertThat(Duration.ofMillis(granted)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    }

    @Test
    void countsTheTimeInTheQueueOfTheClientAgainstTheDeadline() {
        RequestId request = RequestId.random();
        long deadline = System.currentTimeMillis() + 2000;
        ask(request, 0);

        TensorTransfer.frames(request, 0, List.of(INPUT), deadline, FRAME_BYTES).forEach(port::tell);

        assertThat(gateway.expectMessageClass(Infer.class).deadlineEpochMillis())
                .isEqualTo(deadline);
    }

    @Test
    void declinesWhatIsLateByTheTimeThatItIsWhole() {
        RequestId request = RequestId.random();
        ask(request, 0);

        TensorTransfer.frames(request, 0, List.of(INPUT), 1, FRAME_BYTES).forEach(port::tell);

        assertDeclined(0, ErrorCode.DEADLINE_EXCEEDED, "the inputs came after the deadline");
        gateway.expectNoMessage(SHORT);
        submit(RequestId.random(), 0);
    }

    @Test
    void saysThatItAllowsNoMoreTimeWhereTheClientDid() {
        for (int minutes : List.of(1, 2)) {
            RequestId request = RequestId.random();
            long millis = Duration.ofMinutes(minutes).toMillis();
            port.tell(new Ask(request, 0, "model", millis, List.of(), client.ref()));
            client.expectMessageClass(Accepted.class);

            gateway.expectMessageClass(Infer.class)
                    .replyTo()
                    .tell(new InferenceReply.Failed(request, ErrorCode.DEADLINE_EXCEEDED, "late"));

            String hint = "; the gateway allows 60000 ms. Maybe raise tandem.gateway.request-timeout.";
            client.expectMessage(
                    new Declined(request, 0, ErrorCode.DEADLINE_EXCEEDED, minutes == 1 ? "late" : "late" + hint));
        }
    }

    @Test
    void declinesWhatItsMemoryHasNoRoomForUntilARequestIsAnswered() {
        RequestId first = RequestId.random();
        Infer infer = submit(first, 0);
        ask(RequestId.random(), 0);
        assertDeclined(0, ErrorCode.OVERLOADED, "24 bytes");

        infer.replyTo().tell(new InferenceReply.Failed(first, ErrorCode.COMPUTE_FAILED, "no"));
        client.expectMessageClass(Declined.class);

        submit(RequestId.random(), 0);
    }

    @Test
    void declinesAtOnceWhatItsGatewayHasNoRoomFor() {
        TestProbe<DataMessage> another = kit.createTestProbe("another");
        port.tell(new RequestPort.Serve("another", another.ref()));
        RequestId first = RequestId.random();
        port.tell(new Ask(first, 0, "model", 5000, List.of(), client.ref()));
        port.tell(new Ask(RequestId.random(), 0, "model", 5000, List.of(), client.ref()));
        port.tell(new Ask(RequestId.random(), 0, "model", 5000, List.of(), client.ref()));
        Infer infer = gateway.expectMessageClass(Infer.class);
        Stream.of(1, 2, 3).forEach(request -> client.expectMessageClass(Accepted.class));

        ask(RequestId.random(), 0);

        assertDeclined(0, ErrorCode.OVERLOADED, "queue of 2 requests is full. Maybe ask again later.");
        port.tell(new Ask(RequestId.random(), 0, "another", 5000, List.of(), client.ref()));
        client.expectMessageClass(Accepted.class);
        infer.replyTo().tell(new InferenceReply.Failed(first, ErrorCode.COMPUTE_FAILED, "no"));
        client.expectMessageClass(Declined.class);
        port.tell(new Ask(RequestId.random(), 0, "model", 5000, List.of(), client.ref()));
        client.expectMessageClass(Accepted.class);
    }

    @Test
    void countsOutputsAsHeldUntilTheClientHasThem() {
        RequestId first = RequestId.random();
        answer(submit(first, 0));
        port.tell(new Received(first, 1)); // of an attempt that was never made
        ask(RequestId.random(), 0);
        assertDeclined(0, ErrorCode.OVERLOADED, "answers under way fill the gateway's request memory of 24 bytes");

        port.tell(new Received(first, 0));

        submit(RequestId.random(), 0);
    }

    @Test
    void forgetsOutputsOfARequestThatIsAskedAgain() {
        RequestId request = RequestId.random();
        answer(submit(request, 0));

        Infer again = submit(request, 1);

        assertThat(again.request()).isEqualTo(request);
    }

    @Test
    void forgetsOutputsAtTheDeadlineOfAClientThatDoesNotSayThatItHasThem() {
        RequestId first = RequestId.random();
        port.tell(new Ask(first, 0, "model", 1, List.of(), client.ref()));
        client.expectMessage(new Accepted(first, 0));

        answer(gateway.expectMessageClass(Infer.class));

        assertTakesRequestsAgain();
    }

    @Test
    void forgetsOutputsOfAClientThatIsGone() {
        TestProbe<DataMessage> gone = kit.createTestProbe("gone");
        RequestId first = RequestId.random();
        port.tell(new Ask(first, 0, "model", 60_000, List.of(), gone.ref()));
        Infer infer = gateway.expectMessageClass(Infer.class);
        infer.replyTo().tell(new InferenceReply.Completed(first, 7, List.of(INPUT)));
        gone.expectMessageClass(Accepted.class);
        gone.expectMessageClass(Answered.class);

        gone.stop();

        assertTakesRequestsAgain();
    }

    static Stream<List<Integer>> tooLarge() {
        return Stream.of(
                List.of(7),
                List.of(1 << 29),
                List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                List.of(Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void declinesInputsThatCanNeverFit(List<Integer> shape) {
        TensorSpec large = new TensorSpec("input", ElementType.FLOAT, shape);

        port.tell(new Ask(RequestId.random(), 0, "model", 1000, List.of(large), client.ref()));

        assertDeclined(0, ErrorCode.INVALID_INPUT, "must");
        submit(RequestId.random(), 0);
    }

    @Test
    void forgetsARequestWhoseInputsStayAwayPastTheDeadline() {
        port.tell(new Ask(RequestId.random(), 0, "model", 0, List.of(INPUT.spec()), client.ref()));

        assertTakesRequestsAgain();
    }

    private void assertTakesRequestsAgain() {
        client.awaitAssert(Duration.ofSeconds(5), Duration.ofMillis(100), () -> {
            RequestId request = RequestId.random();
            port.tell(new Ask(request, 0, "model", 1000, List.of(INPUT.spec()), client.ref()));
            frames(request, 0).forEach(port::tell);
            client.expectMessage(Duration.ofMillis(200), new Accepted(request, 0));
            return request;
        });
    }

    /** Completes a request with outputs as large as an input, and takes them for the client. */
    private void answer(Infer infer) {
        infer.replyTo().tell(new InferenceReply.Completed(infer.request(), 7, List.of(INPUT)));
        client.expectMessageClass(Answered.class);
        Stream.of(1, 2).forEach(frame -> client.expectMessageClass(TensorFrame.class));
    }

    @Test
    void keepsToOtherBoundsFromThenOn() {
        TestProbe<DataMessage> gateway = kit.createTestProbe();
        TestProbe<DataMessage> client = kit.createTestProbe();
        RequestPort.Place place = new RequestPort.Place("g", new TetherAddress("127.0.0.1", 1, 1));
        ActorRef<DataMessage> port = kit.spawn(RequestPort.create(limits(1 << 20), place));
        port.tell(new RequestPort.Serve("m", gateway.ref()));
        TensorSpec input = new TensorSpec("input", ElementType.FLOAT, List.of(1, 1024));

        port.tell(new RequestPort.Bound(limits(4095)));
        port.tell(new RequestMessages.Ask(RequestId.random(), 0, "m", 1000, List.of(input), client.ref()));

        assertThat(client.expectMessageClass(RequestMessages.Declined.class).reason())
                .contains("4096 bytes must not be larger than the gateway's request memory of 4095 bytes");
    }
}
