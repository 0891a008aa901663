package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a plan, as a table and as JSON. What stands by is only among the parts.
 *
 * @param nodes different nodes that requests are dealt to
 * @param stages stages of the longest lane
 * @param shards shards of the widest stage
 * @param codecs how many edges have each, of those that lanes with a weight have
 * @param predictedEnergy per request; left out where the power of a node is not known
 */
record PlanView(
        String model,
        String scheme,
        int nodes,
        int stages,
        int shards,
        double predictedLatencySeconds,
        double predictedThroughputPerSecond,
        String bottleneck,
        Map<String, Integer> codecs,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Energy predictedEnergy,
        List<ShardView> parts) {

    /** A shard: what runs where. Layers are those in {@code [firstLayer, endLayer)}. */
    record ShardView(
            int lane,
            int stage,
            int shard,
            int firstLayer,
            int endLayer,
            String node,
            String coreGroup,
            String region,
            double predictedSeconds,
            long memoryBytes,
            long bytesOut,
            boolean standby) {}

    static PlanView of(Plan plan, ModelGraph graph) {
        List<ShardView> parts = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            addLane(parts, plan, graph, lane);
        }
        return new PlanView(
                plan.model(),
                plan.scheme(),
                (int) Constraints.nodes(plan),
                plan.working().stream()
                        .mapToInt(lane -> lane.stages().size())
                        .max()
                        .orElse(0),
                plan.working().stream()
                        .flatMap(lane -> lane.stages().stream())
                        .mapToInt(stage -> stage.shards().size())
                        .max()
                        .orElse(0),
                plan.predicted().latencySeconds(),
                plan.predicted().throughputPerSecond(),
                plan.predicted().bottleneck(),
                codecs(plan),
                plan.predicted().energy().orElse(null),
                parts);
    }

    void print(Terminal terminal) {
        TextTable table = TextTable.of(
                "stage", "layers", "node", "core group", "region", ">predicted ms", ">memory", ">bytes out");
        for (ShardView part : parts) {
            table.row(
                    label(part),
                    part.firstLayer() + "-" + (part.endLayer() - 1),
                    part.node(),
                    part.coreGroup(),
                    part.region(),
                    Figures.millis(part.predictedSeconds()),
                    Figures.bytes(part.memoryBytes()),
                    Figures.bytes(part.bytesOut()));
        }
        terminal.line("Plan for " + model + " (" + scheme + "):");
        table.print(terminal);
        terminal.line(figures() + "; bottleneck: " + bottleneck);
        printCodecs(terminal);
        printEnergy(terminal);
    }

    /** What the plan as a whole is predicted to do, without what bounds it. */
    String figures() {
        return "Predicted: " + Figures.millis(predictedLatencySeconds) + " ms per request, "
                + Figures.digits(predictedThroughputPerSecond) + " requests per second";
    }

    void printCodecs(Terminal terminal) {
        if (codecs.keySet().stream().anyMatch(codec -> !codec.equals(Codec.EXACT.toString()))) {
            terminal.line("Codecs: "
                    + codecs.entrySet().stream()
                            .map(codec -> codec.getKey() + " on " + codec.getValue()
                                    + (codec.getValue() == 1 ? " edge" : " edges"))
                            .collect(Collectors.joining(", ")));
        }
    }

    void printEnergy(Terminal terminal) {
        if (predictedEnergy != null) {
            terminal.line("Energy of all nodes: " + Figures.millijoules(predictedEnergy.requestJoules())
                    + " mJ for a request alone, " + Figures.millijoules(predictedEnergy.streamJoules())
                    + " mJ for each of a stream");
        }
    }

    /** The stage of a shard, with its lane and its number where there are several. */
    String label(ShardView part) {
        return (part.lane() == 0 ? "" : part.lane() + ":")
                + part.stage()
                + (isDivided(part) ? "." + part.shard() : "")
                + (part.standby() ? " standby" : "");
    }

    private boolean isDivided(ShardView part) {
        return parts.stream()
                        .filter(other -> other.lane() == part.lane() && other.stage() == part.stage())
                        .count()
                > 1;
    }

    private static Map<String, Integer> codecs(Plan plan) {
        Map<String, Integer> codecs = new TreeMap<>();
        plan.working().stream()
                .flatMap(lane -> lane.edges().stream())
                .forEach(edge -> codecs.merge(edge.codec().toString(), 1, Integer::sum));
        return codecs;
    }

    private static void addLane(List<ShardView> parts, Plan plan, ModelGraph graph, int laneIndex) {
        Lane lane = plan.lanes().get(laneIndex);
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            Segment segment = lane.stages().get(stage).segment();
            List<Shard> shards = lane.stages().get(stage).shards();
            for (int index = 0; index < shards.size(); index++) {
                Shard shard = shards.get(index);
                ShardScore score = score(plan, laneIndex, new Endpoint(stage, index));
                parts.add(new ShardView(
                        laneIndex,
                        stage,
                        index,
                        segment.from(),
                        segment.to(),
                        shard.place().node(),
                        shard.place().group(),
                        region(shard, graph),
                        score.computeSeconds(),
                        score.memoryBytes(),
                        score.bytesOut(),
                        lane.isStandby()));
            }
        }
    }

    private static ShardScore score(Plan plan, int lane, Endpoint endpoint) {
        return plan.predicted().shards().stream()
                .filter(score -> score.lane() == lane && score.shard().equals(endpoint))
                .findFirst()
                .orElse(new ShardScore(lane, endpoint, Double.NaN, 0, 0));
    }

    /** The part of the first output that is divided at all. */
    private static String region(Shard shard, ModelGraph graph) {
        return shard.outputs().entrySet().stream()
                .filter(output -> !output.getValue().covers(graph.tensor(output.getKey())))
                .findFirst()
                .map(output -> output.getValue() + " of " + extents(output.getValue(), graph.tensor(output.getKey())))
                .orElse(Region.WHOLE.toString());
    }

    /** Of the tensor along the axes of the region. */
    private static String extents(Region region, TensorSpec tensor) {
        return region.ranges().keySet().stream()
                .map(axis -> tensor.shape().get(axis.dimension()).toString())
                .collect(Collectors.joining("x"));
    }
}
