package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What was lost on the way: gateways, requests and outputs. */
class ClientLossTest extends ClientCase {

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

    /** Puts another client in the place of the one that there is. */
    private void makeImpatient() {
        kit.stop(client);
        client = kit.spawn(ClientActor.create(setup(Duration.ofMillis(100))));
    }

    /** Answers with the second of two frames only. */
    private void loseAFrame(Ask ask) {
        client.tell(new Answered(ask.request(), ask.attempt(), 9, List.of(INPUT.spec())));
        client.tell(frames(ask).get(1));
    }
}
