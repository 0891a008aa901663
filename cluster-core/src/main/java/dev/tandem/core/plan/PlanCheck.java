package dev.tandem.core.plan;

import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a plan can run: checked before any machine is asked to do something, whoever made the plan.
 *
 * <p>Memory is the predicted one of each shard, but never taken for less than the weights that it holds and one set
 * of input and output buffers.
 */
public final class PlanCheck {

    private final Plan plan;
    private final ModelGraph graph;
    private final Topology topology;
    private final List<String> problems = new ArrayList<>();

    private PlanCheck(Plan plan, ModelGraph graph, Topology topology) {
        this.plan = plan;
        this.graph = graph;
        this.topology = topology;
    }

    /** All that is wrong with the plan, each in a sentence; empty when nothing is. */
    public static List<String> problems(Plan plan, ModelGraph graph, Topology topology) {
        return new PlanCheck(plan, graph, topology).check();
    }

    private List<String> check() {
        if (!plan.modelDigest().equals(graph.digest())) {
            return List.of("the plan was made for model " + plan.model() + " with digest " + plan.modelDigest()
                    + ", but the model is " + graph.name() + " with digest " + graph.digest()
                    + ". Maybe plan again for this model.");
        }
        for (int index = 0; index < plan.lanes().size(); index++) {
            checkLane(index, plan.lanes().get(index));
        }
        checkMemory();
        return List.copyOf(problems);
    }

    private void checkLane(int index, Lane lane) {
        String name = "lane " + index;
        if (!Double.isFinite(lane.weight())) {
            problems.add("weight (" + lane.weight() + ") of " + name + " must be finite");
        }
        int before = problems.size();
        checkSegments(name, lane);
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            checkPlaces(name + ", stage " + stage, lane.stages().get(stage));
        }
        // What is wrong further up would only be repeated in the words of what rests on it.
        if (problems.size() == before) {
            problems.addAll(LaneRegions.problems(name, lane, graph));
        }
        if (problems.size() == before) {
            problems.addAll(LaneEdges.problems(name, lane, graph, topology));
        }
    }

    private void checkSegments(String name, Lane lane) {
        Map<Integer, Cut> cuts = new HashMap<>();
        graph.cuts().forEach(cut -> cuts.put(cut.position(), cut));
        int next = 0;
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            int from = lane.stages().get(stage).segment().from();
            String where = name + ", stage " + stage;
            if (from != next) {
                problems.add(where + " begins at layer " + from + ", but must begin at layer " + next
                        + ": every layer is computed in exactly one stage, in order");
            }
            Cut cut = cuts.get(from);
            if (cut != null && !cut.isAllowed()) {
                problems.add(where + " begins at layer " + from + ", where the model must not be cut: "
                        + cut.refusal().orElseThrow());
            }
            next = lane.stages().get(stage).segment().to();
        }
        if (next != graph.layers().size()) {
            problems.add(name + " ends before layer " + next + ", but the model has "
                    + graph.layers().size() + " layers");
        }
    }

    private void checkPlaces(String where, Stage stage) {
        for (Shard shard : stage.shards()) {
            if (topology.coreGroup(shard.place()).isEmpty()) {
                problems.add(where + " runs on core group " + shard.place() + ", which the topology lacks. It has "
                        + topology.coreGroups().stream()
                                .map(group -> group.id().toString())
                                .toList());
            }
        }
    }

    private void checkMemory() {
        Map<String, Long> needed = new TreeMap<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            List<Stage> stages = plan.lanes().get(lane).stages();
            for (int stage = 0; stage < stages.size(); stage++) {
                List<Shard> shards = stages.get(stage).shards();
                for (int shard = 0; shard < shards.size(); shard++) {
                    long least = leastBytes(stages.get(stage), shards.get(shard));
                    long bytes = Math.max(least, predictedBytes(lane, new Endpoint(stage, shard)));
                    needed.merge(shards.get(shard).place().node(), bytes, Long::sum);
                }
            }
        }
        topology.nodes().forEach(node -> checkMemory(node, needed.getOrDefault(node.id(), 0L)));
    }

    private void checkMemory(Node node, long needed) {
        long missing = needed - node.memoryBytes();
        if (missing > 0) {
            problems.add(
                    "node " + node.id() + " has " + node.memoryBytes() + " bytes of memory for models, but its shards"
                            + " need " + needed + ": " + missing + " bytes are missing. Maybe use more nodes.");
        }
    }

    private long predictedBytes(int lane, Endpoint shard) {
        return plan.predicted().shards().stream()
                .filter(score -> score.lane() == lane && score.shard().equals(shard))
                .mapToLong(PlanScore.ShardScore::memoryBytes)
                .findFirst()
                .orElse(0);
    }

    private long leastBytes(Stage stage, Shard shard) {
        if (stage.segment().to() > graph.layers().size()) {
            return 0;
        }
        Map<String, Region> outputs = known(shard.outputs());
        return weightBytes(stage.segment(), outputs) + bytes(known(shard.inputs())) + bytes(outputs);
    }

    private long weightBytes(Segment segment, Map<String, Region> outputs) {
        long bytes = 0;
        RegionSweep needed = RegionSweep.of(graph, segment.to(), outputs);
        while (needed.begin() > segment.from()) {
            needed.back();
            bytes += needed.weightBytes();
        }
        return bytes;
    }

    private long bytes(Map<String, Region> regions) {
        return regions.entrySet().stream()
                .mapToLong(region -> region.getValue().bytes(graph.tensor(region.getKey())))
                .sum();
    }

    /** Those that are regions of the model's tensors. */
    private Map<String, Region> known(Map<String, Region> regions) {
        Map<String, Region> known = new HashMap<>(regions);
        known.entrySet().removeIf(region -> Regions.problem(graph, region.getKey(), region.getValue())
                .isPresent());
        return known;
    }
}
