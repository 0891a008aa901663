package dev.tandem.actors.client;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers of the cluster, on a thread that may wait. */
final class Answers {

    /** Time that an answer of the supervisor or the gateway may take beyond what was asked for. */
    static final Duration SLACK = Duration.ofSeconds(2);

    private Answers() {}

    /** @param what has not come about when there is no answer, in words */
    static <T> T get(CompletionStage<T> stage, Duration timeout, String what)
            throws TimeoutException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException late) {
                TimeoutException silent = new TimeoutException(
                        what + " within " + timeout.toSeconds() + " s. Maybe a node was lost; see 'tandem status'.");
                silent.initCause(late);
                throw silent;
            }
            throw new CompletionException(e.getCause());
        }
    }
}
