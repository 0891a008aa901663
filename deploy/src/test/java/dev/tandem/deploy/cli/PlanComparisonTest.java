package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.deploy.wiring.PlanJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanComparisonTest extends PlanCase {

    @Test
    void comparesWithPublishedSchemesAsText() {
        assertThat(captured.run("plan", "--graph", graph, "--topology", BOARDS, "--objective", "latency", "--compare"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out())
                .contains("Published schemes", "times tandem's")
                .containsPattern("tandem +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9] +1\\.00 ")
                .contains(Baselines.all().keySet());
    }

    @Test
    void comparesWithPublishedSchemesAsJsonAndSaysWhyOneHasNoPlan() throws IOException {
        Path alone = write(
                "alone.conf",
                "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 9e9 } ] },"
                        + " { name = b, memory = 1MiB, core-groups = [ { rate = 9e9 } ] } ]");

        assertThat(captured.run("plan", "--graph", graph, "--topology", alone.toString(), "--compare", "--json"))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);

        JsonNode read = new ObjectMapper().readTree(captured.out());
        assertThat(read.at("/format").asInt()).isEqualTo(2);
        assertThat(read.has("simulated")).isFalse();
        assertThat(PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8))
                        .plan()
                        .lanes())
                .isNotEmpty();
        assertThat(read.at("/comparison/rows/0/name").asText()).isEqualTo("tandem");
        assertThat(read.at("/comparison/rows/0/ratio").asDouble()).isEqualTo(1);
        assertThat(read.at("/comparison/rows")).hasSize(1 + Baselines.all().size());
        JsonNode greedy = read.at("/comparison/rows").findParents("name").stream()
                .filter(row -> row.get("name").asText().equals("greedy"))
                .findFirst()
                .orElseThrow();
        assertThat(greedy.get("latencySeconds").isNull()).isTrue();
        assertThat(greedy.get("remark").asText()).contains("in the memory of the smallest node, 1048576 B");
    }

    @Test
    void namesTheBoundThatAPublishedPlanBreaksAndDoesNotRateIt() throws IOException {
        double best =
                compared("--objective", "latency").at("/rows/0/latencySeconds").asDouble();

        JsonNode rows = compared("--objective", "throughput", "--max-latency", (long) (1.01e9 * best) + "ns")
                .at("/rows");

        assertThat(rows)
                .filteredOn(row -> row.get("latencySeconds").asDouble() > 1.01 * best)
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.get("ratio").isNull()).isTrue();
                    assertThat(row.get("remark").asText()).contains("longer than the");
                });
    }

    private static JsonNode compared(String... arguments) throws IOException {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        String[] all = Stream.concat(
                        Stream.of("plan", "--graph", graph, "--topology", BOARDS, "--compare", "--json"),
                        Stream.of(arguments))
                .toArray(String[]::new);
        assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(ExitCode.OK);
        return new ObjectMapper().readTree(terminal.out()).get("comparison");
    }
}
