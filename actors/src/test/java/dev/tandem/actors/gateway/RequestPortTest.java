package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A port between a client and a gateway that are both played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RequestPortTest {

    private static final Tensor INPUT = Tensor.ofFloats("input", List.of(1, 4), new float[] {1, 2, 3, 4});
    private static final int FRAME_BYTES = 8;
    private static final RequestPort.Limits LIMITS = limits(24);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final ActorTestKit kit = TestSystems.start("request-port");
    private TestProbe<DataMessage> client;
    private TestProbe<DataMessage> gateway;
    private ActorRef<DataMessage> port;

    @BeforeEach
    void spawn() {
        client = kit.createTestProbe("client");
        gateway = kit.createTestProbe("gateway");
        port = kit.spawn(RequestPort.create(LIMITS, place()));
        port.tell(new RequestPort.Serve("model", gateway.ref()));
    }

    private static RequestPort.Limits limits(long inputBytes) {
        return new RequestPort.Limits(inputBytes, Duration.ofMinutes(1), new GatewayActor.Limits(2, 1, FRAME_BYTES));
    }

    private RequestPort.Place place() {
        return new RequestPort.Place("here", new TetherAddress("127.0.0.1", 1, 1));
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(TensorFrame.class, Ask.class, Received.class, Greeting.class),
                ProtocolCheck.ownMessages(RequestPort.class, DataMessage.class));

        assertThat(ProtocolCheck.unhandled(() -> RequestPort.create(LIMITS, place()), messages))
                .isEmpty();
    }

    @Test
    void saysWhatIsServed() {
        port.tell(new Greeting(client.ref()));

        assertThat(client.expectMessageClass(Greeted.class).models()).containsExactly("model");
    }

    @Test
    void passesEachRequestToTheGatewayOfItsModel() {
        TestProbe<DataMessage> another = kit.createTestProbe("another");
        port.tell(new RequestPort.Serve("another", another.ref()));

        port.tell(new Ask(RequestId.random(), 0, "another", 1000, List.of(), client.ref()));

        another.expectMessageClass(Infer.class);
        gateway.expectNoMessage(SHORT);
        port.tell(new Greeting(client.ref()));
        client.expectMessageClass(Accepted.class);
        assertThat(client.expectMessageClass(Greeted.class).models()).containsExactly("another", "model");
        port.tell(new Ask(RequestId.random(), 0, "", 1000, List.of(), client.ref()));
        assertDeclined(0, ErrorCode.NOT_SERVING, "model '' is not served here; served: [another, model]");
    }

    @Test
    void confirmsThatAModelIsWithdrawnWhenTheLastOfItsRequestsIsAnswered() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        ask(RequestId.random(), 0);
        assertDeclined(0, ErrorCode.NOT_SERVING, "model 'model' is not served here; served: []");
        owner.expectNoMessage(SHORT);
        infer.replyTo().tell(new InferenceReply.Completed(request, 7, List.of()));
        client.expectMessageClass(Answered.class);
        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
    }

    @Test
    void confirmsAtOnceThatAModelIsWithdrawnOfWhichNothingIsUnderWay() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");

        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
    }

    @Test
    void declinesWhatAGatewayHadThatHasEnded() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");
        RequestId whole = RequestId.random();
        submit(whole, 0);
        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        gateway.stop();

        assertDeclined(0, ErrorCode.PIPELINE_LOST, "not served here any more");
        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
        gateway = kit.createTestProbe("gateway");
        port.tell(new RequestPort.Serve("model", gateway.ref()));
        submit(RequestId.random(), 0);
    }

    @Test
    void passesOnARequestThatIsWholeAndItsAnswer() {
        RequestId request = RequestId.random();
        ask(request, 0);
        List<TensorFrame> frames = frames(request, 0);
        port.tell(frames.get(0));
        client.expectNoMessage(SHORT);

        port.tell(frames.get(1));

        client.expectMessage(new Accepted(request, 0));
        Infer infer = gateway.expectMessageClass(Infer.class);
        assertThat(infer.inputs().get(0).floats()).containsExactly(1, 2, 3, 4);
        infer.replyTo().tell(new InferenceReply.Completed(request, 7, List.of(INPUT)));
        client.expectMessage(new Answered(request, 0, 7, List.of(INPUT.spec())));
        TensorTransfer outputs = new TensorTransfer(0, List.of(INPUT.spec()));
        frames.forEach(frame -> assertThat(outputs.accept(client.expectMessageClass(TensorFrame.class)))
                .isEmpty());
        assertThat(outputs.tensors().get(0).floats()).containsExactly(1, 2, 3, 4);
    }

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
    void declinesForTheGateway() {
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        infer.replyTo().tell(new InferenceReply.Failed(request, ErrorCode.OVERLOADED, "queue is full"));

        client.expectMessage(new Declined(request, 0, ErrorCode.OVERLOADED, "queue is full"));
    }

    @Test
    void declinesAModelThatIsNotServed() {
        port.tell(new Ask(RequestId.random(), 0, "another", 1000, List.of(INPUT.spec()), client.ref()));

        assertDeclined(0, ErrorCode.NOT_SERVING, "'another'");
    }

    @Test
    void declinesWhenAFrameWasLost() {
        RequestId request = RequestId.random();
        ask(request, 0);

        port.tell(frames(request, 0).get(1));

        assertDeclined(0, ErrorCode.PIPELINE_LOST, "an input came incomplete");
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
    void givesTheOneAnswerOfTheGatewayToTheNewestAttempt() {
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        ask(request, 1);
        frames(request, 1).forEach(port::tell);

        client.expectMessage(new Accepted(request, 1));
        gateway.expectNoMessage(SHORT);
        infer.replyTo().tell(new InferenceReply.Failed(request, ErrorCode.COMPUTE_FAILED, "no"));
        client.expectMessage(new Declined(request, 1, ErrorCode.COMPUTE_FAILED, "no"));
    }

    @Test
    void ignoresFramesOfAnAttemptThatWasReplaced() {
        RequestId request = RequestId.random();
        ask(request, 0);
        List<TensorFrame> stale = frames(request, 0);
        port.tell(stale.get(0));

        ask(request, 1);
        port.tell(stale.get(1));
        frames(request, 1).forEach(port::tell);

        client.expectMessage(new Accepted(request, 1));
        gateway.expectMessageClass(Infer.class);
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

    private Infer submit(RequestId request, int attempt) {
        ask(request, attempt);
        frames(request, attempt).forEach(port::tell);
        client.expectMessage(new Accepted(request, attempt));
        return gateway.expectMessageClass(Infer.class);
    }

    private void ask(RequestId request, int attempt) {
        port.tell(new Ask(request, attempt, "model", 5000, List.of(INPUT.spec()), client.ref()));
    }

    private static List<TensorFrame> frames(RequestId request, int attempt) {
        return TensorTransfer.frames(request, attempt, List.of(INPUT), Long.MAX_VALUE, FRAME_BYTES);
    }

    private void assertDeclined(int attempt, ErrorCode code, String reason) {
        Declined declined = client.expectMessageClass(Declined.class);
        assertThat(declined.attempt()).isEqualTo(attempt);
        assertThat(declined.code()).isEqualTo(code);
        assertThat(declined.reason()).contains(reason);
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
