package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class SubmissionTest {

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
