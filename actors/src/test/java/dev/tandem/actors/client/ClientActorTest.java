package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.gateway.RequestMessages;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client whose gateways are played by the test. */
@SuppressWarnings("NullAway.Init")
class ClientActorTest {

    private static final Tensor INPUT = Tensor.ofFloats("input", List.of(1, 4), new float[] {1, 2, 3, 4});
    private static final int FRAME_BYTES = 8;
    private static final long BYTES_UNDER_WAY = 2 * INPUT.spec().bytes();
    private static final InferOptions OPTIONS = InferOptions.defaults();

    private static final TetherAddress TETHER = new TetherAddress("127.0.0.1", 1, 1);

    private final AtomicLong nanoTime = new AtomicLong();
    private ActorTestKit kit;
    private ActorRef<DataMessage> client;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create("client", ConfigFactory.parseString("pekko.actor.provider = local"));
        client = kit.spawn(ClientActor.create(setup(ClientActor.PATIENCE)));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(TensorFrame.class, Accepted.class, Answered.class, Declined.class, Greeted.class),
                ProtocolCheck.ownMessages(ClientActor.class, DataMessage.class));

        assertThat(ProtocolCheck.unhandled(() -> ClientActor.create(setup(ClientActor.PATIENCE)), messages))
                .isEmpty();
    }

    @Test
    void completesARequestWithItsOutputs() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        Ask ask = ask(gateway);

        answer(ask, 9);

        InferenceResult result = submission.result().get(5, TimeUnit.SECONDS);
        assertThat(result.epoch()).isEqualTo(9);
        assertThat(result.gateway()).isEqualTo("one");
        assertThat(result.outputs().get(0).floats()).containsExactly(1, 2, 3, 4);
        assertThat(next(gateway, Received.class)).isEqualTo(new Received(ask.request(), ask.attempt()));
    }

    @Test
    void outlivesAnApplicationThatFailsWhenItHearsOfTheAcknowledgement() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS.withOnAccepted(() -> {
            throw new IllegalStateException("of the application");
        }));
        Ask ask = ask(gateway);

        client.tell(new Accepted(ask.request(), ask.attempt()));
        answer(ask, 9);

        assertThat(submission.result().get(5, TimeUnit.SECONDS).epoch()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"OVERLOADED", "NOT_SERVING", "PIPELINE_LOST"})
    void asksAnotherGatewayWhenOneCannot(ErrorCode reason) throws Exception {
        List<TestProbe<DataMessage>> gateways = List.of(gateway("one"), gateway("two"));
        Submission submission = submit(OPTIONS);
        Ask first = ask(gateways.get(0));

        client.tell(new Declined(first.request(), 0, reason, "not here"));

        Ask second = ask(gateways.get(1));
        assertThat(second.request()).isEqualTo(first.request());
        assertThat(second.attempt()).isEqualTo(1);
        answer(second, 9);
        assertThat(submission.result().get(5, TimeUnit.SECONDS).gateway()).isEqualTo("two");
    }

    @Test
    void failsWithTheReasonOfTheLastGateway() {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);

        client.tell(new Declined(ask(gateway).request(), 0, ErrorCode.INVALID_INPUT, "wrong shape"));

        assertFailed(submission, ErrorCode.INVALID_INPUT, "wrong shape");
    }

    @Test
    void waitsForAGatewayThatHasNotSaidYetWhatItServes() {
        gateway("one", "another");
        TestProbe<DataMessage> found = listed("two");
        Submission submission = submit(OPTIONS);

        greet(found, "two", "model");

        assertThat(ask(found).request()).isEqualTo(submission.request());
    }

    @Test
    void refusesAModelThatNobodyServesOnceAllHaveHadTimeToSaySo() {
        TestProbe<DataMessage> gateway = gateway("one", "another");
        listed("two");
        Submission submission = submit(OPTIONS);
        passSeconds(5);

        greet(gateway, "one", "another");

        assertFailed(submission, ErrorCode.NOT_SERVING, "model 'model' must be one that is served: [another]");
    }

    @Test
    void sendsARequestWithoutANameToTheOnlyModelThatIsServed() {
        List<TestProbe<DataMessage>> gateways = List.of(gateway("one", "model"), gateway("two"));

        Submission submission = submit("", OPTIONS);

        assertThat(ask(gateways.get(0)).request()).isEqualTo(submission.request());
    }

    @Test
    void refusesARequestWithoutANameWhereTwoModelsAreServed() {
        gateway("one", "model");
        TestProbe<DataMessage> gateway = listed("two");
        Submission submission = submit("", OPTIONS);

        greet(gateway, "two", "another");

        assertFailed(submission, ErrorCode.INVALID_INPUT, "2 models are served: [another, model]; name one.");
    }

    @Test
    void sendsToAnotherGatewayWhatALostOneHadAndIgnoresItsLateAnswer() throws Exception {
        List<TestProbe<DataMessage>> gateways = List.of(gateway("one"), gateway("two"));
        Submission submission = submit(OPTIONS);
        Ask first = ask(gateways.get(0));

        client.tell(new ClientActor.MemberLost("one", "killed"));
        Ask second = ask(gateways.get(1));
        client.tell(new Declined(first.request(), first.attempt(), ErrorCode.COMPUTE_FAILED, "stale"));
        answer(first, 8);
        answer(second, 9);

        assertThat(submission.result().get(5, TimeUnit.SECONDS).epoch()).isEqualTo(9);
    }

    @Test
    void takesTheAnswerOfAGatewayThatOnlySeemedLost() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        Ask ask = ask(gateway);
        client.tell(new Answered(ask.request(), ask.attempt(), 9, List.of(INPUT.spec())));
        client.tell(frames(ask).get(0));

        client.tell(new ClientActor.MemberLost("one", "silent"));
        client.tell(frames(ask).get(1));

        InferenceResult result = submission.result().get(5, TimeUnit.SECONDS);
        assertThat(result.gateway()).isEqualTo("one");
        assertThat(result.outputs().get(0).floats()).containsExactly(1, 2, 3, 4);
        next(gateway, Received.class);
    }

    @Test
    void keepsToAGatewayThatTakesRequestsThoughItDoesNotGreet() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        CompletableFuture<Void> accepted = new CompletableFuture<>();
        submit(OPTIONS.withOnAccepted(() -> accepted.complete(null)));
        Ask ask = ask(gateway);
        passSeconds(3);
        client.tell(new Accepted(ask.request(), ask.attempt()));
        accepted.get(5, TimeUnit.SECONDS);

        passSeconds(3);
        client.tell(ClientActor.Tick.GREET);
        Submission another = submit(OPTIONS);

        assertThat(ask(gateway).request()).isEqualTo(another.request());
    }

    @Test
    void sendsToAnotherGatewayWhatASilentOneHad() {
        List<TestProbe<DataMessage>> gateways = List.of(gateway("one"), gateway("two"));
        Submission submission = submit(OPTIONS);
        ask(gateways.get(0));
        passSeconds(5);
        greet(gateways.get(1), "two", "model");

        client.tell(ClientActor.Tick.GREET);

        assertThat(ask(gateways.get(1)).request()).isEqualTo(submission.request());
    }

    @Test
    void sendsAgainWhatAGatewayDoesNotTake() throws Exception {
        makeImpatient();
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        Ask lost = ask(gateway);

        Ask again = ask(gateway);

        assertThat(again.request()).isEqualTo(lost.request());
        assertThat(again.attempt()).isEqualTo(1);
        answer(again, 9);
        assertThat(submission.result().get(5, TimeUnit.SECONDS).epoch()).isEqualTo(9);
    }

    @Test
    void sendsOnlyOnceWhatAGatewayHasTaken() {
        makeImpatient();
        TestProbe<DataMessage> gateway = gateway("one");
        submit(OPTIONS);
        Ask taken = ask(gateway);
        client.tell(new Accepted(taken.request(), 0));
        submit(OPTIONS);
        Ask lost = ask(gateway);

        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(ask(gateway).request()).isEqualTo(lost.request());
        }
    }

    @Test
    void sendsTheNextInTheirOrderWhenTheGatewayHasTakenWhatWasUnderWay() {
        TestProbe<DataMessage> gateway = gateway("one");
        List<Submission> submissions =
                Stream.generate(() -> submit(OPTIONS)).limit(5).toList();
        Ask first = ask(gateway);
        Ask second = ask(gateway);
        assertNothingIsAsked(gateway);

        client.tell(new Accepted(first.request(), 0));
        client.tell(new Declined(second.request(), 0, ErrorCode.INVALID_INPUT, "wrong shape"));

        assertThat(Stream.of(first, second, ask(gateway), ask(gateway)).map(Ask::request))
                .containsExactlyElementsOf(
                        submissions.stream().limit(4).map(Submission::request).toList());
        assertNothingIsAsked(gateway);
    }

    @Test
    void keepsWhatWaitedForAGatewayThatWasLostUntilThereIsAnother() {
        TestProbe<DataMessage> lost = gateway("one");
        List<Submission> submissions =
                Stream.generate(() -> submit(OPTIONS)).limit(3).toList();
        ask(lost);
        ask(lost);
        gateway("two", "another");

        client.tell(new ClientActor.MemberLost("one", "killed"));
        TestProbe<DataMessage> next = gateway("three");
        client.tell(new Accepted(ask(next).request(), 1));
        ask(next);

        assertThat(ask(next).request()).isEqualTo(submissions.get(2).request());
    }

    @Test
    void saysAtTheDeadlineThatOthersWereOnTheirWay() {
        gateway("one");
        submit(OPTIONS);
        submit(OPTIONS);

        Submission submission = submit(OPTIONS.withDeadline(Duration.ofMillis(100)));

        assertFailed(submission, ErrorCode.DEADLINE_EXCEEDED, "requests before it were on their way");
    }

    @Test
    void asksForOutputsAgainOfWhichAFrameWasLost() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        loseAFrame(ask(gateway));

        Ask again = ask(gateway);
        answer(again, 9);

        assertThat(again.attempt()).isEqualTo(1);
        assertThat(submission.result().get(5, TimeUnit.SECONDS).epoch()).isEqualTo(9);
    }

    @Test
    void waitsForAnotherGatewayWithOutputsThatCameIncompleteOfALostOne() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        Ask lost = ask(gateway);

        client.tell(new ClientActor.MemberLost("one", "silent"));
        loseAFrame(lost);
        answer(ask(gateway("two")), 9);

        assertThat(submission.result().get(5, TimeUnit.SECONDS).gateway()).isEqualTo("two");
    }

    @Test
    void asksTheOnlyGatewayAgainWhenItHasLostItsNodes() throws Exception {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        client.tell(new Declined(ask(gateway).request(), 0, ErrorCode.PIPELINE_LOST, "node lost"));

        answer(ask(gateway), 9);

        assertThat(submission.result().get(5, TimeUnit.SECONDS).epoch()).isEqualTo(9);
    }

    @Test
    void failsWhenTheOnlyGatewayHasLostItsNodesThreeTimes() {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);

        for (int attempt = 0; attempt < 3; attempt++) {
            Ask ask = ask(gateway);
            client.tell(new Declined(ask.request(), ask.attempt(), ErrorCode.PIPELINE_LOST, "node lost"));
        }

        assertFailed(submission, ErrorCode.PIPELINE_LOST, "node lost");
    }

    @Test
    void failsWhenAFrameOfTheOutputsWasLostThreeTimes() {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);

        for (int attempt = 0; attempt < 3; attempt++) {
            loseAFrame(ask(gateway));
        }

        assertFailed(submission, ErrorCode.PIPELINE_LOST, "outputs came incomplete");
    }

    @Test
    void failsAtTheDeadline() {
        gateway("one");

        Submission submission = submit(OPTIONS.withDeadline(Duration.ofMillis(100)));

        assertFailed(submission, ErrorCode.DEADLINE_EXCEEDED, "no complete answer");
    }

    @Test
    void failsWhatIsOpenWhenItStops() {
        TestProbe<DataMessage> gateway = gateway("one");
        Submission submission = submit(OPTIONS);
        ask(gateway); // before that the client may not have taken it

        kit.stop(client);

        assertFailed(submission, ErrorCode.NOT_SERVING, "closed");
    }

    private ClientActor.Setup setup(Duration patience) {
        return new ClientActor.Setup((node, at) -> {}, FRAME_BYTES, patience, BYTES_UNDER_WAY, nanoTime::get);
    }

    private void passSeconds(int seconds) {
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Puts another client in the place of the one that there is. */
    private void makeImpatient() {
        kit.stop(client);
        client = kit.spawn(ClientActor.create(setup(Duration.ofMillis(100))));
    }

    /** One that the client has found and heard of. */
    private TestProbe<DataMessage> gateway(String node) {
        return gateway(node, "model");
    }

    private TestProbe<DataMessage> gateway(String node, String model) {
        TestProbe<DataMessage> probe = listed(node);
        greet(probe, node, model);
        return probe;
    }

    /** One that the client has found. */
    private TestProbe<DataMessage> listed(String node) {
        TestProbe<DataMessage> probe = kit.createTestProbe(node);
        kit.system().receptionist().tell(Receptionist.register(RequestMessages.KEY, probe.ref()));
        next(probe, Greeting.class);
        return probe;
    }

    private void greet(TestProbe<DataMessage> gateway, String node, String model) {
        client.tell(new Greeted(gateway.ref(), node, TETHER, List.of(model)));
    }

    private Submission submit(InferOptions options) {
        return submit("model", options);
    }

    private Submission submit(String model, InferOptions options) {
        Submission submission = new Submission(model, List.of(INPUT), options, ForkJoinPool.commonPool());
        client.tell(new ClientActor.Submit(submission));
        return submission;
    }

    private static Ask ask(TestProbe<DataMessage> gateway) {
        return next(gateway, Ask.class);
    }

    private void assertNothingIsAsked(TestProbe<DataMessage> gateway) {
        client.tell(ClientActor.Tick.GREET);
        gateway.fishForMessage(Duration.ofSeconds(5), message -> {
            assertThat(message).isNotInstanceOf(Ask.class);
            return message instanceof Greeting ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
        });
    }

    private static <T extends DataMessage> T next(TestProbe<DataMessage> gateway, Class<T> type) {
        return type.cast(gateway.fishForMessage(
                        Duration.ofSeconds(5),
                        message -> type.isInstance(message)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0));
    }

    private void answer(Ask ask, long epoch) {
        client.tell(new Answered(ask.request(), ask.attempt(), epoch, List.of(INPUT.spec())));
        frames(ask).forEach(client::tell);
    }

    /** Answers with the second of two frames only. */
    private void loseAFrame(Ask ask) {
        client.tell(new Answered(ask.request(), ask.attempt(), 9, List.of(INPUT.spec())));
        client.tell(frames(ask).get(1));
    }

    private static List<TensorFrame> frames(Ask ask) {
        return TensorTransfer.frames(ask.request(), ask.attempt(), List.of(INPUT), Long.MAX_VALUE, FRAME_BYTES);
    }

    private static void assertFailed(Submission submission, ErrorCode code, String reason) {
        assertThatThrownBy(() -> submission.result().get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure).hasMessageContaining(reason);
                });
    }
}
