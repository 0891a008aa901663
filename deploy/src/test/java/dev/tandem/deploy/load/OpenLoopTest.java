package dev.tandem.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.load.OpenLoop.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final MeasuringTime TIME = new MeasuringTime(Duration.ZERO, Duration.ofMillis(600));
    private static final double PER_SECOND = 500;

    @Test
    void chargesAStallOfTheServerToAllRequestsThatItHeldUp() throws Exception {
        ExecutorService server = Executors.newSingleThreadExecutor();
        CountDownLatch never = new CountDownLatch(1);
        try {
            OpenLoopFigures figures = loop().run(
                            TIME,
                            request -> CompletableFuture.runAsync(() -> stall(request == 100, never), server),
                            progress -> {});

            // One request in 300 stalls for 200 ms, but a third of all are meant to leave in that time.
            assertThat(figures.sent()).isBetween(295L, 300L);
            assertThat(figures.load().requests()).isEqualTo(figures.sent());
            assertThat(figures.load().p99Seconds()).isBetween(0.15, 5.0);
            assertThat(figures.load().p90Seconds()).isGreaterThan(0.1);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void chargesAStallThatHoldsUpTheSenderToo() throws Exception {
        CountDownLatch never = new CountDownLatch(1);

        OpenLoopFigures figures = loop().run(
                        TIME,
                        request -> {
                            stall(request == 100, never);
                            return CompletableFuture.completedFuture(request);
                        },
                        progress -> {});

        assertThat(figures.sent()).isBetween(295L, 300L);
        assertThat(figures.largestSendDelaySeconds()).isGreaterThan(0.19);
        assertThat(figures.load().p99Seconds()).isGreaterThan(0.15);
        assertThat(figures.load().p90Seconds()).isGreaterThan(0.1);
    }

    @Test
    void countsWhatIsRefusedAndLate() throws Exception {
        OpenLoopFigures figures = loop().run(
                        TIME,
                        request -> request % 3 == 0
                                ? CompletableFuture.failedFuture(new IllegalArgumentException("full"))
                                : request % 3 == 1
                                        ? CompletableFuture.failedFuture(new TimeoutException("late"))
                                        : CompletableFuture.completedFuture(request),
                        progress -> {});

        assertThat(figures.refused()).isBetween(95L, 101L);
        assertThat(figures.late()).isBetween(95L, 101L);
        assertThat(figures.load().requests()).isEqualTo(figures.sent() - figures.refused());
        assertThat(figures.load().throughputPerSecond()).isBetween(PER_SECOND / 5, PER_SECOND / 2);
    }

    @Test
    void leavesTheWarmUpOut() throws Exception {
        MeasuringTime time = new MeasuringTime(Duration.ofMillis(300), Duration.ofMillis(300));

        OpenLoopFigures figures =
                loop().run(time, request -> CompletableFuture.completedFuture(request), progress -> {});

        assertThat(figures.sent()).isBetween(145L, 151L);
        assertThat(figures.load().throughputPerSecond()).isBetween(PER_SECOND * 0.8, PER_SECOND * 1.2);
    }

    @Test
    void endsWithTheCauseOfAnUnexpectedFailure() {
        assertThatThrownBy(() -> loop().run(TIME, OpenLoopTest::lost, progress -> {}))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("shard lost with request 0");
    }

    @Test
    void givesUpWhenTheLastAnswersDoNotCome() {
        OpenLoop loop = new OpenLoop(
                new Arrivals(Arrivals.Pattern.CONSTANT, 100, 1), failure -> Failure.FATAL, Duration.ofMillis(1));
        MeasuringTime time = new MeasuringTime(Duration.ZERO, Duration.ofMillis(55));

        assertThatThrownBy(() -> loop.run(time, request -> new CompletableFuture<>(), progress -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("5 requests");
    }

    private static CompletionStage<Integer> lost(int request) {
        return CompletableFuture.failedFuture(new IllegalStateException("shard lost with request " + request));
    }

    private static OpenLoop loop() {
        return new OpenLoop(
                new Arrivals(Arrivals.Pattern.CONSTANT, PER_SECOND, 1),
                thrown -> {
                    Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
                    return failure instanceof IllegalArgumentException
                            ? Failure.REFUSED
                            : failure instanceof TimeoutException ? Failure.LATE : Failure.FATAL;
                },
                DEADLINE);
    }

    private static void stall(boolean now, CountDownLatch never) {
        try {
            assertThat(now && never.await(200, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
