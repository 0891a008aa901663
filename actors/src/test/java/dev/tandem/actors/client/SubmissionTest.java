package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class SubmissionTest {

    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

    private final Deque<Runnable> given = new ArrayDeque<>();
    private final Submission submission = new Submission("model", List.of(), InferOptions.defaults(), given::add);

    @Test
    void tellsItsAnswerOnTheExecutorThatItWasGiven() {
        submission.complete(List.of());

        assertThat(submission.result()).isNotDone();
        given.remove().run();
        assertThat(submission.result().join().request()).isEqualTo(submission.request());
    }

    @Test
    void isNotOverdueWhileWhatWasSentBeforeItHasOnlyJustArrived() {
        Submission before = new Submission("model", List.of(), InferOptions.defaults(), given::add);
        ActorRef<DataMessage> gateway = TestInbox.<DataMessage>create().getRef();
        before.sendTo(gateway, "one");
        submission.sendTo(gateway, "one");

        assertThat(submission.isOverdue(Duration.ZERO, Optional.empty())).isTrue();
        assertThat(submission.isOverdue(Duration.ofMinutes(1), Optional.empty()))
                .isFalse();
        Submission.Arrival justNow =
                new Submission.Arrival(before.arrival().sentNanos(), System.nanoTime() + HOUR_NANOS);
        assertThat(submission.isOverdue(Duration.ZERO, Optional.of(justNow))).isFalse();
    }

    @Test
    void isOverdueThoughWhatWasSentAfterItHasArrived() {
        Submission after = new Submission("model", List.of(), InferOptions.defaults(), given::add);
        ActorRef<DataMessage> gateway = TestInbox.<DataMessage>create().getRef();
        submission.sendTo(gateway, "one");
        after.sendTo(gateway, "one");

        Submission.Arrival justNow =
                new Submission.Arrival(after.arrival().sentNanos(), System.nanoTime() + HOUR_NANOS);

        assertThat(submission.isOverdue(Duration.ZERO, Optional.of(justNow))).isTrue();
    }

    @Test
    void tellsItsFailureThereAndWithoutTheCostOfAStackTrace() {
        submission.fail(ErrorCode.OVERLOADED, "full");

        assertThat(submission.result()).isNotDone();
        given.remove().run();
        assertThat(submission.result().handle((result, failure) -> failure).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> assertThat(failure.getStackTrace())
                        .isEmpty());
    }
}
