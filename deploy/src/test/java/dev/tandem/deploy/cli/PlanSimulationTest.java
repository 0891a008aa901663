package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanSimulationTest {

    private static final String BOARDS = Path.of("conf", "five-boards.conf").toString();
    private static final double NANOSECOND_IN_MICROS = 1e-3;

    private static Path folder = Path.of("");
    private static String graph = "";

    @BeforeAll
    static void writeGraph(@TempDir Path directory) throws IOException {
        folder = directory;
        Path model = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(model, ZooOptions.defaults());
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run("graph", model.toString(), "--json")).isEqualTo(ExitCode.OK);
        graph = Files.writeString(folder.resolve("graph.json"), terminal.out()).toString();
    }

    @Test
    void simulatesAPlanThatIsKeptBusy() throws IOException {
        String written = json("--scheme", "pipeline", "--nodes", "3", "--simulate", "2000");
        JsonNode plan = new ObjectMapper().readTree(written);
        JsonNode simulated = plan.get("simulated");

        assertThat(simulated.get("requests").asInt()).isEqualTo(2000);
        assertThat(simulated.get("seed").asLong()).isEqualTo(1);
        assertThat(simulated.get("window").asInt()).isEqualTo(4);
        assertThat(simulated.get("ratePerSecond").isNull()).isTrue();
        assertThat(simulated.get("inFlight").asInt()).isGreaterThan(12);
        double predicted = plan.at("/predicted/throughputPerSecond").asDouble();
        assertThat(simulated.get("throughputPerSecond").asDouble() / predicted).isBetween(0.5, 1.01);
        assertThat(simulated.get("p50Seconds").asDouble())
                .isBetween(
                        plan.at("/predicted/latencySeconds").asDouble(),
                        simulated.get("p99Seconds").asDouble());
        assertThat(simulated.get("resources").findValuesAsText("kind"))
                .contains("core-group", "link", "sending-card", "receiving-card");
        assertThat(PlanJson.read(written.getBytes(StandardCharsets.UTF_8)).lanes())
                .hasSize(1);
    }

    @Test
    void takesThePredictedTimeForARequestThatIsAlone() throws IOException {
        JsonNode plan = new ObjectMapper()
                .readTree(json("--scheme", "pipeline", "--nodes", "3", "--simulate", "20", "--rate", "0.001"));

        assertThat(plan.at("/simulated/maxSeconds").asDouble())
                .isCloseTo(plan.at("/predicted/latencySeconds").asDouble(), within(1e-9));
        assertThat(plan.at("/simulated/ratePerSecond").asDouble()).isEqualTo(0.001);
        assertThat(plan.at("/simulated/inFlight").isNull()).isTrue();
    }

    @Test
    void repeatsItselfForASeed() {
        String first = json("--simulate", "200", "--rate", "50", "--seed", "5");

        assertThat(json("--simulate", "200", "--rate", "50", "--seed", "5")).isEqualTo(first);
        assertThat(json("--simulate", "200", "--rate", "50", "--seed", "6")).isNotEqualTo(first);
    }

    @Test
    void reportsAsText() {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(arguments("--scheme", "single", "--simulate", "100", "--rate", "5")))
                .as(terminal.err())
                .isEqualTo(ExitCode.OK);
        assertThat(terminal.out())
                .contains("Simulated: 100 requests, 5.00 per second at random times, window 4, seed 1, in ")
                .contains(" requests per second; ms per request: p50 ", ", p99 ", ", longest ")
                .contains("core group", "pi-5/cpu", "link", "outside -> pi-5");

        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run(arguments("--scheme", "single", "--simulate", "100")))
                .isEqualTo(ExitCode.OK);
        assertThat(second.out()).contains("Simulated: 100 requests, 9 at a time, window 4, seed 1");
    }

    @Test
    void writesATimelineWithATrackPerCoreGroupAndLink() throws IOException {
        Path file = folder.resolve("trace.json");
        json("--scheme", "pipeline", "--nodes", "2", "--simulate", "30", "--timeline", file.toString());

        JsonNode trace = new ObjectMapper().readTree(Files.readAllBytes(file));

        Map<Integer, String> tracks = new HashMap<>();
        List<JsonNode> spans = new ArrayList<>();
        for (JsonNode event : trace.get("traceEvents")) {
            if (event.get("name").asText().equals("thread_name")) {
                tracks.put(event.get("tid").asInt(), event.at("/args/name").asText());
            } else if (event.get("ph").asText().equals("X")) {
                spans.add(event);
            }
        }
        assertThat(tracks.values()).hasSize(5).contains("pi-5/cpu").anyMatch(name -> name.startsWith("outside -> "));
        // Two stages and three transfers.
        assertThat(spans).hasSize(30 * 5);
        Map<Integer, Double> free = new HashMap<>();
        for (JsonNode span : spans) {
            int track = span.get("tid").asInt();
            double begin = span.get("ts").asDouble();
            assertThat(begin)
                    .as(tracks.get(track))
                    .isGreaterThan(free.getOrDefault(track, 0.0) - NANOSECOND_IN_MICROS / 2);
            assertThat(span.get("dur").asDouble()).isPositive();
            free.put(track, begin + span.get("dur").asDouble());
        }
        assertThat(spans.get(0).at("/args/request").asInt()).isZero();
        assertThat(spans.get(0).get("name").asText()).isEqualTo("#0 gateway -> 0.0");
    }

    @Test
    void refusesArgumentsThatDoNotGoTogether() {
        assertUsage("--simulate (0) must be at least 1", "--simulate", "0");
        assertUsage("--simulate", "--simulate", "many");
        assertUsage("--rate (5.0) must come with --simulate N", "--rate", "5");
        assertUsage("--seed (5) must come with --simulate N", "--seed", "5");
        assertUsage("--timeline (t.json) must come with --simulate N", "--timeline", "t.json");
        assertUsage("--rate (0.0) must be a number", "--simulate", "5", "--rate", "0");
        assertUsage("--rate (NaN) must be a number", "--simulate", "5", "--rate", "NaN");
        assertUsage("--rate (Infinity) must be a number", "--simulate", "5", "--rate", "Infinity");
        assertUsage(
                "must be a file in a folder that is there",
                "--simulate",
                "5",
                "--timeline",
                folder.resolve("none/t.json").toString());
        assertUsage("must be a file in a folder that is there", "--simulate", "5", "--timeline", folder.toString());
    }

    private static String json(String... more) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        String[] all =
                Stream.concat(Stream.of(arguments(more)), Stream.of("--json")).toArray(String[]::new);
        assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(ExitCode.OK);
        return terminal.out();
    }

    private static String[] arguments(String... more) {
        return Stream.concat(Stream.of("plan", "--graph", graph, "--topology", BOARDS), Stream.of(more))
                .toArray(String[]::new);
    }

    private static void assertUsage(String reason, String... more) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(arguments(more))).as(terminal.err()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains(reason);
        assertThat(terminal.out()).isEmpty();
    }
}
