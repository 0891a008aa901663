package dev.tandem.deploy.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.Query.Outcome;
import dev.tandem.deploy.load.scenario.Check.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioResultTest {

    private static final long MILLI = 1_000_000;

    @Test
    void estimatesThePercentileOfAStreamAboveTheOneSeen() {
        ScenarioResult result =
                ScenarioResult.of(stream(Duration.ofSeconds(9), 900), ScenarioRun.of(Queries.everSlower(1000)));

        // 78 of 1000 may be over: the 77 slowest are left out, and the 78th slowest is the estimate.
        assertThat(result.discarded()).isEqualTo(77);
        assertThat(result.estimateNanos()).isEqualTo(923 * MILLI);
        assertThat(result.latencies().percentiles())
                .extracting(LatencyStatistics.Percentile::percent, LatencyStatistics.Percentile::nanos)
                .containsExactly(
                        tuple(50.0, 501 * MILLI),
                        tuple(90.0, 901 * MILLI),
                        tuple(95.0, 951 * MILLI),
                        tuple(97.0, 971 * MILLI),
                        tuple(99.0, 991 * MILLI),
                        tuple(99.9, 1000 * MILLI));
        assertThat(result.latencies().min()).isEqualTo(MILLI);
        assertThat(result.latencies().max()).isEqualTo(1000 * MILLI);
        assertThat(result.latencies().mean()).isEqualTo(500.5 * MILLI);
        assertThat(result.isValid()).isTrue();
    }

    @Test
    void saysWhatAStreamLacks() {
        ScenarioResult result =
                ScenarioResult.of(stream(Duration.ofSeconds(9), 70), ScenarioRun.of(Queries.everSlower(63)));

        assertThat(result.estimateNanos()).isNull();
        assertThat(unsatisfied(result))
                .containsExactly(Condition.MIN_DURATION, Condition.MIN_QUERIES, Condition.EARLY_STOPPING);
        assertThat(result.checks()).extracting(Check::reason).anySatisfy(reason -> assertThat(reason)
                .contains("63 queries, of at least 64 for an estimate"));
    }

    @Test
    void holdsABoundWithAsManyOverItAsTheConfidenceAllows() {
        ScenarioResult one = ScenarioResult.of(server(), served(662, 1, Outcome.ANSWERED));
        ScenarioResult two = ScenarioResult.of(server(), served(662, 2, Outcome.ANSWERED));

        assertThat(one.isValid()).isTrue();
        assertThat(one.completedPerSecond()).isCloseTo(661 / 6.629, within(0.5));
        assertThat(unsatisfied(two)).containsExactly(Condition.EARLY_STOPPING);
        assertThat(two.checks()).extracting(Check::reason).anySatisfy(reason -> assertThat(reason)
                .contains("2 of 662 queries over the bound, where 1 may be", "838 queries would do"));
    }

    @Test
    void countsQueriesWithoutAnAnswerAsTheSlowest() {
        ScenarioResult result = ScenarioResult.of(server(), served(1000, 20, Outcome.REFUSED));

        assertThat(unsatisfied(result)).containsExactly(Condition.PERFORMANCE, Condition.EARLY_STOPPING);
        assertThat(result.latencies().percentiles().get(3).nanos()).isEqualTo(MILLI);
        assertThat(result.latencies().percentiles().get(4).nanos()).isNull();
        assertThat(result.latencies().max()).isEqualTo(MILLI);
    }

    @Test
    void hasNoLatenciesWhereNothingWasAnswered() {
        ScenarioResult result = ScenarioResult.of(server(), served(20, 20, Outcome.LATE));

        assertThat(result.isValid()).isFalse();
        assertThat(result.completedPerSecond()).isZero();
        assertThat(result.latencies().mean()).isNull();
        assertThat(result.latencies().max()).isNull();
    }

    @Test
    void takesTheRateOfABatchOverAllOfItsTime() {
        List<Query> samples = new ArrayList<>();
        for (int sample = 0; sample < 300; sample++) {
            samples.add(new Query(sample, 0, 0, (sample + 1) * 10L * MILLI, Outcome.ANSWERED));
        }
        Goal goal = new Goal(Scenario.OFFLINE, 90, null, Duration.ofSeconds(3), 1, 1);

        ScenarioResult result = ScenarioResult.of(goal, ScenarioRun.of(samples));

        assertThat(result.completedPerSecond()).isEqualTo(100);
        assertThat(result.isValid()).isTrue();
        assertThat(result.checks())
                .extracting(Check::condition)
                .containsExactly(Condition.MIN_DURATION, Condition.MIN_QUERIES);
    }

    @Test
    void refusesARunOfNothing() {
        assertThatThrownBy(() -> ScenarioRun.of(List.of())).hasMessageContaining("queries (0) of a run");
    }

    private static List<Condition> unsatisfied(ScenarioResult result) {
        return result.checks().stream()
                .filter(check -> !check.isSatisfied())
                .map(Check::condition)
                .toList();
    }

    private static Goal stream(Duration least, int queries) {
        return new Goal(Scenario.SINGLE_STREAM, 90, null, least, queries, 1);
    }

    private static Goal server() {
        return new Goal(Scenario.SERVER, 99, Duration.ofMillis(50), Duration.ofMillis(500), 20, 1);
    }

    private static ScenarioRun served(int queries, int slow, Outcome ofSlow) {
        List<Query> all = new ArrayList<>();
        for (int number = 0; number < queries; number++) {
            all.add(Queries.query(number, number < slow ? 51 : 1, number < slow ? ofSlow : Outcome.ANSWERED));
        }
        return new ScenarioRun(all, 100.0, false);
    }
}
