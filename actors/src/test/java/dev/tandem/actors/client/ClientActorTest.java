package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers and refusals. */
class ClientActorTest extends ClientCase {

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
}
