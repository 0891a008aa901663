package dev.tandem.deploy.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.scenario.RateSearch.Found;
import dev.tandem.deploy.load.scenario.RateSearch.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {

    private static final Goal GOAL =
            new Goal(Scenario.SERVER, 99, Duration.ofMillis(50), Duration.ofSeconds(60), 662, 11);
    private static final RateSearch SEARCH = new RateSearch(0.05);

    /**
     * With exponential arrivals (rate a) and services (rate s) on one server, latencies are exponential with rate s - a:
     * the share above b is exp(-(s - a) b), which is 1 % at a = s - ln(100) / b, here 1000 - 92 = 908 per second.
     */
    @ParameterizedTest
    @ValueSource(doubles = {100, 700, 900, 2000})
    void findsTheRateThatQueueingTheoryGives(double first) throws Exception {
        Found found = SEARCH.from(first, rate -> ScenarioResult.of(GOAL, Queries.served(GOAL, rate, 1000, 5)));

        assertThat(found.result().isValid()).isTrue();
        assertThat(found.result().run().rate()).isCloseTo(1000 - Math.log(100) / 0.050, within(55.0));
        assertThat(found.result().scheduledPerSecond()).isCloseTo(found.result().completedPerSecond(), within(5.0));
        assertThat(found.steps()).hasSizeLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 99, 100, 101, 640})
    void stopsWithinItsPrecisionBelowTheLimit(double first) throws Exception {
        Found found = SEARCH.from(first, rate -> result(rate <= 100));

        assertThat(found.result().isValid()).isTrue();
        assertThat(last(found).rate()).isBetween(100 / 1.05, 100.0);
    }

    @Test
    void lowersARateThatDoesNotHoldASecondTime() throws Exception {
        AtomicInteger runs = new AtomicInteger();

        // The first runs are lucky, later ones show that no more than 80 per second hold.
        Found found = SEARCH.from(70, rate -> result(rate <= (runs.getAndIncrement() < 5 ? 95 : 80)));

        assertThat(found.result().isValid()).isTrue();
        assertThat(last(found).rate()).isBetween(70.0, 80.0);
        assertThat(found.steps())
                .filteredOn(step -> step.isValid() && step.rate() > 80)
                .isNotEmpty();
    }

    @Test
    void givesUpWhereNoRateHolds() throws Exception {
        Found found = SEARCH.from(64, rate -> result(false));

        assertThat(found.result().isValid()).isFalse();
        assertThat(last(found).rate()).isGreaterThanOrEqualTo(1);
        assertThat(found.steps()).hasSizeLessThan(12);
    }

    @Test
    void givesUpLookingForALimitWhereAllRatesHold() throws Exception {
        Found found = SEARCH.from(1, rate -> result(true));

        assertThat(found.result().isValid()).isTrue();
        assertThat(last(found).rate()).isBetween(40.0, 90.0);
    }

    @Test
    void refusesNoPrecision() {
        assertThatThrownBy(() -> new RateSearch(0)).hasMessageContaining("precision (0.0) must be above 0");
    }

    private static Step last(Found found) {
        return found.steps().get(found.steps().size() - 1);
    }

    private static ScenarioResult result(boolean isValid) {
        List<Query> queries = IntStream.range(0, 7000)
                .mapToObj(number -> Queries.query(number, isValid ? 1 : 51, Query.Outcome.ANSWERED))
                .toList();
        return ScenarioResult.of(GOAL, new ScenarioRun(queries, 100.0, false));
    }
}
