package dev.tandem.deploy.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.load.OpenLoop.Failure;
import dev.tandem.deploy.load.Query;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scenarios' loads on servers of a few lines, by the real clock. */
class ScenarioLoadTest {

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    @Test
    void streamsOneQueryAfterTheOtherUntilThereAreEnough() throws Exception {
        AtomicInteger inFlight = new AtomicInteger();
        Goal goal = new Goal(Scenario.SINGLE_STREAM, 90, null, Duration.ofMillis(1), 100, 1);

        ScenarioRun run = SingleStream.run(
                target(request -> CompletableFuture.supplyAsync(
                        () -> {
                            assertThat(inFlight.incrementAndGet()).isEqualTo(1);
                            return inFlight.decrementAndGet();
                        },
                        worker)),
                goal,
                answered -> {});

        assertThat(run.queries()).hasSizeGreaterThanOrEqualTo(100).allMatch(Query::isAnswered);
        assertThat(run.queries()).allMatch(query -> query.scheduledNanos() == query.issuedNanos());
        assertThat(ScenarioResult.of(goal, run).isValid()).isTrue();
    }

    @Test
    void streamsUntilTheTimeIsOver() throws Exception {
        Goal goal = new Goal(Scenario.SINGLE_STREAM, 90, null, Duration.ofMillis(80), 1, 1);

        ScenarioRun run = SingleStream.run(target(this::soon), goal, answered -> {});

        assertThat(run.last().issuedNanos()).isGreaterThanOrEqualTo(80_000_000);
    }

    @Test
    void repeatsABatchThatWasDoneBeforeItsTime() throws Exception {
        Goal goal = new Goal(Scenario.OFFLINE, 90, null, Duration.ofMillis(100), 5, 1);

        ScenarioRun run = new Offline(4).run(target(this::soon), goal, 10, answered -> {});

        // A rate of 10 per second would be one sample; what the first batch showed asks for more.
        assertThat(run.queries()).hasSizeGreaterThan(5).allMatch(query -> query.scheduledNanos() == 0);
        assertThat(run.endNanos()).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void goesOnWithABatchWhileTheSystemGetsFaster() throws Exception {
        Goal goal = new Goal(Scenario.OFFLINE, 90, null, Duration.ofMillis(60), 1, 1);
        AtomicInteger sent = new AtomicInteger();

        ScenarioRun run =
                new Offline(1).run(target(request -> after(40 / sent.incrementAndGet())), goal, 10, answered -> {});

        assertThat(run.endNanos()).isGreaterThanOrEqualTo(60_000_000);
    }

    @Test
    void drawsTheSameArrivalsFromTheSameSeedUntilThereAreEnough() {
        Goal goal = server(Duration.ofSeconds(20), 11);

        long[] schedule = Server.schedule(goal, 200);

        assertThat(schedule).isEqualTo(Server.schedule(goal, 200)).isSorted();
        assertThat(schedule).isNotEqualTo(Server.schedule(server(Duration.ofSeconds(20), 12), 200));
        assertThat(schedule.length).isBetween(3700, 4300);
        assertThat(schedule[schedule.length - 1]).isGreaterThanOrEqualTo(20_000_000_000L);
        assertThat(schedule[schedule.length - 2]).isLessThan(20_000_000_000L);
        assertThat(Server.schedule(goal, 1)).hasSize(662);
    }

    @Test
    void chargesAServerWithTheQueriesThatItHeldUp() throws Exception {
        Goal goal = server(Duration.ofMillis(300), 3);

        ScenarioRun run = Server.run(
                target(request -> {
                    stall(request == 50);
                    return CompletableFuture.completedFuture(request);
                }),
                goal,
                2000,
                answered -> {});

        // One query of 662 stalls for 100 ms, but some 200 are meant to leave in that time: the first of these end the
        // run.
        assertThat(run.isCutShort()).isTrue();
        assertThat(run.queries())
                .filteredOn(goal::isOver)
                .allMatch(query -> query.issuedNanos() >= query.scheduledNanos())
                .anyMatch(query -> query.issuedNanos() - query.scheduledNanos() > TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(ScenarioResult.of(goal, run).isValid()).isFalse();
    }

    @Test
    void endsARunThatCanNoLongerSucceed() throws Exception {
        Goal goal = server(Duration.ofSeconds(60), 3);

        ScenarioRun run = Server.run(
                target(request -> CompletableFuture.failedFuture(new IllegalStateException("full"))),
                goal,
                1000,
                answered -> {});

        assertThat(run.isCutShort()).isTrue();
        assertThat(run.queries()).hasSizeLessThan(10_000);
        ScenarioResult result = ScenarioResult.of(goal, run);
        assertThat(result.checks())
                .noneMatch(check -> check.isSatisfied() && check.condition() != Check.Condition.MIN_QUERIES);
        assertThat(result.checks()).extracting(Check::reason).anySatisfy(reason -> assertThat(reason)
                .contains("ended when it could no longer succeed"));
    }

    @Test
    void endsWithTheCauseOfAnUnexpectedFailure() {
        LoadTarget target = new LoadTarget(
                request -> CompletableFuture.failedFuture(new IllegalStateException("shard lost")),
                failure -> Failure.FATAL,
                Duration.ofSeconds(5));

        assertThatThrownBy(() -> Server.run(target, server(Duration.ofMillis(300), 1), 1000, answered -> {}))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("shard lost");
    }

    @Test
    void hasNoArrivalTwiceInAPoissonProcess() {
        assertThat(LongStream.of(Server.schedule(server(Duration.ofSeconds(1), 7), 500))
                        .distinct()
                        .count())
                .isGreaterThan(600);
    }

    private CompletionStage<Object> soon(int request) {
        return CompletableFuture.supplyAsync(
                () -> {
                    stall(request % 4 == 0, 1);
                    return request;
                },
                worker);
    }

    private CompletionStage<Object> after(int millis) {
        return CompletableFuture.supplyAsync(
                () -> {
                    stall(millis > 0, millis);
                    return millis;
                },
                worker);
    }

    private static Goal server(Duration least, long seed) {
        return new Goal(Scenario.SERVER, 99, Duration.ofMillis(30), least, 662, seed);
    }

    private static LoadTarget target(IntFunction<CompletionStage<Object>> send) {
        return new LoadTarget(send, failure -> Failure.REFUSED, Duration.ofSeconds(20));
    }

    private void stall(boolean now) {
        stall(now, 100);
    }

    private void stall(boolean now, long millis) {
        try {
            assertThat(now && never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
