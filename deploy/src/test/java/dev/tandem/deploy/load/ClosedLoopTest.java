package dev.tandem.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Test
    void keepsNoMoreThanTheGivenNumberInFlight() throws Exception {
        List<CompletableFuture<Integer>> open = new ArrayList<>();
        List<Integer> handled = new ArrayList<>();
        int[] most = {0};
        ClosedLoop<Integer> loop = new ClosedLoop<>(3, DEADLINE);

        LoadFigures figures = loop.run(
                10,
                request -> {
                    CompletableFuture<Integer> answer = new CompletableFuture<>();
                    open.add(answer);
                    most[0] = Math.max(most[0], open.size());
                    if (open.size() == 3 || request >= 7) {
                        int first = request - open.size() + 1;
                        for (int index = 0; index < open.size(); index++) {
                            open.get(index).complete((first + index) * 10);
                        }
                        open.clear();
                    }
                    return answer;
                },
                (request, answer) -> {
                    assertThat(answer).isEqualTo(request * 10);
                    handled.add(request);
                },
                progress -> {});

        assertThat(most[0]).isEqualTo(3);
        assertThat(handled).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(figures.requests()).isEqualTo(10);
        assertThat(figures.p99Seconds()).isGreaterThanOrEqualTo(figures.p50Seconds());
    }

    @Test
    void failsWithTheCauseOfAFailedRequest() {
        ClosedLoop<Integer> loop = new ClosedLoop<>(1, DEADLINE);

        assertThatThrownBy(() -> loop.run(
                        2,
                        request -> CompletableFuture.failedFuture(new IllegalStateException("shard lost")),
                        (request, answer) -> {},
                        progress -> {}))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("shard lost");
    }

    @Test
    void givesUpWhenNoAnswerComes() {
        ClosedLoop<Integer> loop = new ClosedLoop<>(2, Duration.ofMillis(1));

        assertThatThrownBy(() ->
                        loop.run(5, request -> new CompletableFuture<>(), (request, answer) -> {}, progress -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("5 requests");
    }
}
