package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.LinkLoad;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.TopologyFile;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.onnx.DimensionValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCommandTest extends PlanCase {

    @Test
    void readsTheGraphThatTheGraphCommandWrites() throws IOException {
        ModelGraph folded =
                FoldCache.fold(Path.of(model), DimensionValues.of(List.of())).graph();

        ModelGraph read = GraphJson.read(Files.readAllBytes(Path.of(graph)));

        assertThat(read.digest()).isEqualTo(folded.digest());
        assertThat(read.layers()).isEqualTo(folded.layers());
        assertThat(read.tensors()).isEqualTo(folded.tensors());
    }

    @ParameterizedTest
    @CsvSource({
        "single,latency",
        "pipeline,throughput",
        "rows,latency",
        "auto,latency",
        "auto,throughput",
        "auto,energy",
        "rows,energy-delay"
    })
    void writesPlansThatCanBeReadBackAndRun(String scheme, String objective) throws IOException {
        assertThat(captured.run(
                        "plan",
                        "--graph",
                        graph,
                        "--topology",
                        BOARDS,
                        "--scheme",
                        scheme,
                        "--objective",
                        objective,
                        "--nodes",
                        "3",
                        "--json"))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);

        PlanJson json = PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8));
        assertThat(PlanJson.read(json.write())).isEqualTo(json);
        assertThat(json.objective()).isEqualTo(objective);
        assertThat(json.nodes()).hasSize(5);
        Plan plan = json.plan();
        assertThat(PlanCheck.problems(plan, modelGraph(), topology())).isEmpty();
        assertThat(plan.predicted().shards()).isNotEmpty().allMatch(shard -> shard.memoryBytes() > 0);
        assertThat(captured.err()).isEmpty();
    }

    @Test
    void saysTheCodecOfEachEdgeAndPredictsItsBytes() throws IOException {
        PlanJson exact = coded("exact");
        PlanJson int8 = coded("int8-lz4");

        Set<Codec> codecs = int8.plan().lanes().stream()
                .flatMap(lane -> lane.edges().stream())
                .map(Edge::codec)
                .collect(Collectors.toSet());
        assertThat(codecs).containsExactly(Codec.INT8_LZ4);
        assertThat(PlanJson.read(int8.write())).isEqualTo(int8);
        assertThat(bytes(int8)).isLessThan(bytes(exact));
        assertThat(PlanCheck.problems(int8.plan(), modelGraph(), topology())).isEmpty();

        CapturedTerminal people = CapturedTerminal.unwatched();
        people.run(codedCommand("float16"));
        assertThat(people.out()).contains("Codecs: float16 on ");
        assertUsage("--codec", codedCommand("zip"));
    }

    private PlanJson coded(String codec) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        String[] arguments = codedCommand(codec);
        String[] json = Arrays.copyOf(arguments, arguments.length + 1);
        json[arguments.length] = "--json";
        assertThat(terminal.run(json)).as(terminal.err()).isEqualTo(ExitCode.OK);
        return PlanJson.read(terminal.out().getBytes(StandardCharsets.UTF_8));
    }

    private String[] codedCommand(String codec) {
        return new String[] {
            "plan", "--graph", graph, "--topology", BOARDS, "--scheme", "pipeline", "--nodes", "3", "--codec", codec
        };
    }

    private static double bytes(PlanJson plan) {
        return plan.links().stream().mapToDouble(LinkLoad::bytes).sum();
    }

    @Test
    void readsTheGraphOfTheGuide() throws IOException {
        String guide = Files.readString(Path.of("docs", "plan.md"));
        int from = guide.indexOf("```json") + "```json".length();
        Path smallest = write("smallest.json", guide.substring(from, guide.indexOf("```", from)));

        assertThat(captured.run("plan", "--graph", smallest.toString(), "--topology", BOARDS))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("Plan for one (");
    }

    @Test
    void printsThePlanInShort() {
        assertThat(captured.run("plan", "--graph", graph, "--topology", BOARDS, "--scheme", "pipeline", "--nodes", "2"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out())
                .contains("Plan for mini (pipeline):", "predicted ms")
                .contains("Predicted: ", "bottleneck: ")
                .contains("Considered:", "pipeline over 2 nodes")
                .contains("Why this plan: pipeline over 2 nodes as asked for", "--explain says more")
                .doesNotContain("Edges", "Bound");
    }

    @Test
    void saysWhatTheAlternativesWouldCost() {
        assertThat(captured.run("plan", "--graph", graph, "--topology", BOARDS, "--objective", "latency"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out()).contains("single", "pipeline over", "rows over 5 core groups");
    }

    @Test
    void saysTheEnergyOfThePlanOfItsSimulationAndOfTheOthers() throws IOException {
        assertThat(captured.run(
                        "plan", "--graph", graph, "--topology", BOARDS, "--simulate", "50", "--objective", "energy"))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);
        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run(
                        "plan", "--graph", graph, "--topology", BOARDS, "--compare", "--simulate", "50", "--json"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out())
                .containsPattern("Energy of all nodes: [0-9.]+ mJ for a request alone, [0-9.]+ mJ for each of a stream")
                .contains("mJ per request")
                .containsPattern("[0-9.]+ J by all nodes, [0-9.]+ mJ per request");
        JsonNode read = new ObjectMapper().readTree(second.out());
        assertThat(read.at("/predicted/energy/requestJoules").asDouble()).isPositive();
        assertThat(read.at("/predicted/energy/streamJoules").asDouble()).isPositive();
        assertThat(read.at("/simulated/energy/joules").asDouble()).isPositive();
        assertThat(read.at("/comparison/rows/0/requestJoules").asDouble())
                .isEqualTo(read.at("/predicted/energy/requestJoules").asDouble());
    }

    @Test
    void saysNothingOfEnergyWhereTheFileSaysNoPower() throws IOException {
        String topology = write(
                        "bare.conf", "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 9e9 } ] } ]")
                .toString();

        assertThat(captured.run("plan", "--graph", graph, "--topology", topology, "--compare", "--simulate", "5"))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).doesNotContain("mJ", "nergy", " J ");

        CapturedTerminal energy = CapturedTerminal.unwatched();
        assertThat(energy.run("plan", "--graph", graph, "--topology", topology, "--objective", "energy-delay"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(energy.err())
                .contains("objective energy-delay needs the power of every node, but that of a is not known");
        CapturedTerminal bound = CapturedTerminal.unwatched();
        assertThat(bound.run("plan", "--graph", graph, "--topology", topology, "--max-energy", "2J"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(bound.err()).contains("a bound on energy needs the power of every node, but that of a is not known");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            --max-latency    | 1us | longer than the 0.001 ms that it may take; the least is
            --min-throughput | 1e9 | fewer than the 1000000000.000 requests per second that it must; the most is
            --max-energy     | 1mJ | more than the 1.000 mJ that it may take; the least is
            """)
    void refusesBoundsOutOfReach(String option, String value, String told) {
        assertThat(captured.run("plan", "--graph", graph, "--topology", BOARDS, option, value))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err()).contains(told);
    }

    @Test
    void plansWithinABudget() {
        assertThat(captured.run("plan", "--graph", graph, "--topology", BOARDS, "--budget", "1"))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).contains("single");
    }

    @Test
    void keepsWithinBounds() throws IOException {
        assertThat(captured.run(
                        "plan",
                        "--graph",
                        graph,
                        "--topology",
                        BOARDS,
                        "--max-latency",
                        "1s",
                        "--min-throughput",
                        "1.5",
                        "--max-energy",
                        "1kJ",
                        "--json"))
                .as(captured.err())
                .isEqualTo(ExitCode.OK);

        PlanJson.Predicted predicted =
                PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8)).predicted();
        assertThat(predicted.latencySeconds()).isLessThanOrEqualTo(1);
        assertThat(predicted.throughputPerSecond()).isGreaterThanOrEqualTo(1.5);
    }

    @Test
    void measuresAModelOnThisMachine() throws IOException {
        assertThat(captured.run("plan", model, "--topology", BOARDS, "--json")).isEqualTo(ExitCode.OK);

        assertThat(captured.err()).contains("measuring the layers on this machine");
        PlanJson json = PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8));
        assertThat(json.modelDigest()).isEqualTo(modelGraph().digest());
        assertThat(json.predicted().latencySeconds()).isPositive();
    }

    @Test
    void refusesArgumentsThatDoNotGoTogether() {
        assertUsage("expected either MODEL or --graph FILE.", "plan", "--topology", BOARDS);
        assertUsage("but both are given", "plan", model, "--graph", graph, "--topology", BOARDS);
        assertUsage("--dim is for MODEL", "plan", "--graph", graph, "--dim", "batch=1", "--topology", BOARDS);
        assertUsage("--topology", "plan", "--graph", graph);
        assertUsage("--nodes (0)", "plan", "--graph", graph, "--topology", BOARDS, "--nodes", "0");
        assertUsage("--shards (0)", "plan", "--graph", graph, "--topology", BOARDS, "--shards", "0");
        assertUsage("--scheme", "plan", "--graph", graph, "--topology", BOARDS, "--scheme", "columns");
        assertUsage("--max-latency (soon)", "plan", "--graph", graph, "--topology", BOARDS, "--max-latency", "soon");
        assertUsage("--max-latency (0s)", "plan", "--graph", graph, "--topology", BOARDS, "--max-latency", "0s");
        assertUsage("--min-throughput (0.0)", "plan", "--graph", graph, "--topology", BOARDS, "--min-throughput", "0");
        assertUsage("--max-energy (2W)", "plan", "--graph", graph, "--topology", BOARDS, "--max-energy", "2W");
        assertUsage("--max-energy (0J)", "plan", "--graph", graph, "--topology", BOARDS, "--max-energy", "0J");
        assertUsage("--objective", "plan", "--graph", graph, "--topology", BOARDS, "--objective", "power");
        assertUsage("--budget (0)", "plan", "--graph", graph, "--topology", BOARDS, "--budget", "0");
        assertUsage("--max-age (0)", "plan", "--graph", graph, "--topology", BOARDS, "--max-age", "0");
    }

    @Test
    void refusesFilesThatCannotBeUsed() throws IOException {
        assertUsage("none.json: no such file", "plan", "--graph", "none.json", "--topology", BOARDS);
        assertUsage("none.onnx: no such file", "plan", "none.onnx", "--topology", BOARDS);
        assertUsage("expected a topology file", "plan", "--graph", graph, "--topology", "none.conf");
        Path damaged = write("damaged.json", "{\"format\": 1");
        assertUsage(
                "damaged.json: model graph is not readable",
                "plan",
                "--graph",
                damaged.toString(),
                "--topology",
                BOARDS);
        Path wrong = write("wrong.conf", "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rat = 1 } ] } ]");
        assertUsage(
                "Did you mean nodes[0].core-groups[0].rate?", "plan", "--graph", graph, "--topology", wrong.toString());
    }

    @Test
    void refusesAGraphWithoutMultiplyAdds() throws IOException {
        Path idle = write(
                "idle.json",
                Files.readString(Path.of(graph)).replaceAll("\"multiplyAdds\" : \\d+", "\"multiplyAdds\" : 0"));

        assertUsage(
                "has no multiply-adds to tell times from", "plan", "--graph", idle.toString(), "--topology", BOARDS);
    }

    @Test
    void saysWhyNothingFits() throws IOException {
        Path small = write("small.conf", "nodes = [ { name = a, memory = 1MiB, core-groups = [ { rate = 1e9 } ] } ]");

        assertThat(captured.run("plan", "--graph", graph, "--topology", small.toString()))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(captured.err()).contains("no division fits", "are missing");
        assertThat(captured.out()).isEmpty();

        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run("plan", "--graph", graph, "--topology", BOARDS, "--scheme", "pipeline", "--nodes", "6"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(second.err()).contains("6 stages need as many nodes, but there are 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "lanes", "predicted", "modelDigest"})
    void refusesPlansThatLackSomething(String member) throws IOException {
        ObjectNode json = plan();
        json.remove(member);

        refusesPlan(json, member.equals("format") ? "format" : member);
    }

    @Test
    void refusesPlansThatCannotBe() throws IOException {
        refusesPlan(plan().put("format", 1), "format 1, expected 2");
        ObjectNode edge = plan();
        ((ObjectNode) edge.at("/lanes/0/edges/0")).put("producer", "nobody");
        refusesPlan(edge, "end 'nobody' of an edge must be gateway or STAGE.SHARD");
        ObjectNode region = plan();
        ((ObjectNode) region.at("/lanes/0/edges/0/region")).putArray("rows").add(1);
        refusesPlan(region, "must be [from, to]");
        ObjectNode empty = plan();
        empty.putArray("lanes");
        refusesPlan(empty, "at least one lane");
    }

    private ObjectNode plan() throws IOException {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run("plan", "--graph", graph, "--topology", BOARDS, "--scheme", "single", "--json"))
                .isEqualTo(ExitCode.OK);
        return (ObjectNode) new ObjectMapper().readTree(terminal.out());
    }

    private static void refusesPlan(ObjectNode json, String reason) throws IOException {
        byte[] bytes = new ObjectMapper().writeValueAsBytes(json);
        assertThatThrownBy(() -> PlanJson.read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static void assertUsage(String reason, String... arguments) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains(reason);
        assertThat(terminal.out()).isEmpty();
    }

    private static ModelGraph modelGraph() throws IOException {
        return GraphJson.read(Files.readAllBytes(Path.of(graph)));
    }

    private static Topology topology() throws IOException {
        ModelGraph read = modelGraph();
        List<Double> times = read.layers().stream().map(layer -> 1.0).toList();
        return TopologyFile.read(Path.of(BOARDS))
                .topology(new ReferenceProfile(new LayerTimes(read.digest(), times), 1e9));
    }
}
