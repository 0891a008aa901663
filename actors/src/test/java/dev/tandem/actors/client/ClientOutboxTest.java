package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** Requests that wait until those before them have been taken. */
class ClientOutboxTest extends ClientCase {

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

    private void assertNothingIsAsked(TestProbe<DataMessage> gateway) {
        client.tell(ClientActor.Tick.GREET);
        gateway.fishForMessage(Duration.ofSeconds(5), message -> {
            assertThat(message).isNotInstanceOf(Ask.class);
            return message instanceof Greeting ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
        });
    }
}
