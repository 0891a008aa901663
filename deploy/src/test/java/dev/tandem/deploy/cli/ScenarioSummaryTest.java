package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.deploy.load.Query;
import dev.tandem.deploy.load.Query.Outcome;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.RateSearch;
import dev.tandem.deploy.load.scenario.Scenario;
import dev.tandem.deploy.load.scenario.ScenarioResult;
import dev.tandem.deploy.load.scenario.ScenarioRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioSummaryTest {

    private static final long MILLI = 1_000_000;

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @Test
    void writesTheLinesThatReadersOfMlperfSummariesKnow() {
        print(measured(goal(Scenario.SINGLE_STREAM, null), run(1000, 0, null)));

        assertThat(captured.out())
                .contains(
                        "Scenario : SingleStream\n",
                        "90.0th percentile latency (ns) : 2000000\n",
                        "Result is : VALID\n",
                        "  Min duration satisfied : Yes\n",
                        "  Min queries satisfied : Yes\n",
                        "  Early stopping satisfied: Yes\n",
                        " * Estimate without the 77 slowest queries.",
                        "Min latency (ns)                : 2000000\n",
                        "Mean latency (ns)               : 2000000\n",
                        "50.00 percentile latency (ns)   : 2000000\n",
                        "99.90 percentile latency (ns)   : 2000000\n",
                        "min_duration (ms): 500\n",
                        "min_query_count : 64\n",
                        "This is no MLPerf result",
                        "MLPerf asks for 600 s.")
                .doesNotContain("Performance constraints", "target_qps", "Reasons", "Rates Tried");
    }

    @Test
    void saysWhyAResultIsInvalidAndWhatWasTried() {
        print(new ScenarioRunner.Measured(
                ScenarioResult.of(goal(Scenario.SERVER, Duration.ofMillis(50)), run(100, 100, 80.0)),
                List.of(new RateSearch.Step(140, false), new RateSearch.Step(80, false))));

        assertThat(captured.out())
                .contains(
                        "Scenario : Server\n",
                        "Completed samples per second    : 0.00\n",
                        "Result is : INVALID\n",
                        "  Performance constraints satisfied : NO\n",
                        "Reasons:\n * 99.0th percentile of latencies is none, for want of answers",
                        "Rates Tried",
                        "invalid",
                        "Refused                         : 100\n",
                        "99.00 percentile latency (ns)   : none (not answered)\n",
                        "target_qps : 80.00\n",
                        "target_latency (ns): 50000000\n",
                        "schedule_rng_seed : 7\n");
    }

    @Test
    void printsTheRateOfABatch() {
        print(measured(goal(Scenario.OFFLINE, null), run(1000, 0, null)));

        assertThat(captured.out())
                .contains("Scenario : Offline\n", "Samples per second: 100.08\n", "samples_per_query : 1000\n")
                .contains("samples in flight : 4\n")
                .doesNotContain("Early");
    }

    @Test
    void writesJsonWithNullsWhereNothingWasAnswered() throws IOException {
        captured.terminal()
                .json(ScenarioReport.of(
                        setting(), measured(goal(Scenario.SERVER, Duration.ofMillis(50)), run(100, 2, 80.0))));

        JsonNode json = new ObjectMapper().readTree(captured.out());
        assertThat(json.get("scenario").asText()).isEqualTo("Server");
        assertThat(json.get("valid").asBoolean()).isFalse();
        assertThat(json.get("reasons")).isNotEmpty();
        assertThat(json.get("percentilesMs").get("90.0").asDouble()).isEqualTo(2);
        assertThat(json.get("percentilesMs").get("99.9").isNull()).isTrue();
        assertThat(json.get("refused").asInt()).isEqualTo(2);
        assertThat(json.get("seed").asInt()).isEqualTo(7);
        assertThat(json.has("estimateMs")).isFalse();
    }

    @Test
    void writesEveryQueryWithItsTimes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("queries.csv");

        new QueryFile(file)
                .write(List.of(new Query(0, 5, 7, 30, Outcome.ANSWERED), new Query(1, 10, 11, 40, Outcome.REFUSED)));

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "query,scheduled_ns,issued_ns,completed_ns,latency_ns,outcome",
                        "0,5,7,30,25,answered",
                        "1,10,11,40,30,refused");
    }

    private void print(ScenarioRunner.Measured measured) {
        new ScenarioSummary(captured.terminal(), setting(), measured).print();
    }

    private static ScenarioRunner.Measured measured(Goal goal, ScenarioRun run) {
        return new ScenarioRunner.Measured(ScenarioResult.of(goal, run), List.of());
    }

    private static ScenarioReport.Setting setting() {
        PlanView plan = new PlanView("mini", "single", 1, 1, 1, 0.1, 10, "compute", Map.of(), null, List.of());
        return new ScenarioReport.Setting("mini", 4, 2, BenchReport.Generator.INSIDE, plan, "tandem bench mini");
    }

    private static Goal goal(Scenario scenario, @Nullable Duration bound) {
        return new Goal(scenario, scenario.usualPercentile(), bound, Duration.ofMillis(500), 64, 7);
    }

    /** One every 10 ms, answered after 2 ms but for the last ones. */
    private static ScenarioRun run(int queries, int refused, @Nullable Double rate) {
        List<Query> all = new ArrayList<>();
        for (int number = 0; number < queries; number++) {
            long at = number * 10L * MILLI;
            Outcome outcome = number < queries - refused ? Outcome.ANSWERED : Outcome.REFUSED;
            all.add(new Query(number, at, at, at + 2 * MILLI, outcome));
        }
        return new ScenarioRun(all, rate, false);
    }
}
