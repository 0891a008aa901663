package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios on a real cluster, short. The bounds are far from what a busy machine takes. */
class ScenarioIT {

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void findsARateThatKeepsABound() throws IOException {
        Path queries = folder.resolve("queries.csv");

        JsonNode report = json(
                ExitCode.OK,
                "--scenario",
                "server",
                "--latency-bound",
                "30ms",
                "--percentile",
                "80",
                "--min-duration",
                "300ms",
                "--queries",
                queries.toString());

        assertThat(report.get("rate").asDouble()).isPositive();
        assertThat(report.get("tried")).hasSizeGreaterThan(1);
        assertThat(report.get("percentilesMs").get("50.0").asDouble()).isLessThanOrEqualTo(30);
        List<String> rows = Files.readAllLines(queries);
        assertThat(rows).hasSize(report.get("queries").asInt() + 1);
        assertThat(rows.get(1)).matches("0,\\d+,\\d+,\\d+,\\d+,answered");
    }

    @Test
    void endsWithTheCodeOfAFailedCheckWhereAStreamIsTooShort() throws IOException {
        JsonNode report = json(
                ExitCode.CHECK_FAILED, "--scenario", "single-stream", "--min-queries", "10", "--min-duration", "1ms");

        assertThat(report.get("valid").asBoolean()).isFalse();
        assertThat(report.get("queries").asInt()).isBetween(10, 63);
        assertThat(report.get("reasons").get(0).asText()).contains("of at least 64 for an estimate");
        assertThat(report.get("percentilesMs").get("90.0").asDouble()).isPositive();
    }

    @Test
    void takesABatchOverTwoMembers() {
        assertThat(captured.run(
                        "bench",
                        "tandem-mini",
                        "--nodes",
                        "2",
                        "--scheme",
                        "pipeline",
                        "--scenario",
                        "offline",
                        "--min-duration",
                        "300ms"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out()).contains("Scenario : Offline", "Samples per second: ", "Result is : VALID");
    }

    private JsonNode json(ExitCode expected, String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "bench";
        arguments[1] = "tandem-mini";
        arguments[2] = "--json";
        System.arraycopy(options, 0, arguments, 3, options.length);

        ExitCode exit = captured.run(arguments);

        assertThat(captured.err()).doesNotContain("Exception");
        assertThat(exit).as(captured.err()).isEqualTo(expected);
        return new ObjectMapper().readTree(captured.out());
    }
}
