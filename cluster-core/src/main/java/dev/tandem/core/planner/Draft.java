package dev.tandem.core.planner;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.EdgeDerivation;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Turns stages into plans, and plans into words: for planners, whatever scheme they follow. */
public final class Draft {

    /** The fastest first, ties by name. */
    public static final Comparator<CoreGroup> FASTEST = Comparator.comparingDouble(CoreGroup::multiplyAddsPerSecond)
            .reversed()
            .thenComparing(CoreGroup::id);

    private Draft() {}

    /** The node's core group of the highest rate. */
    public static CoreGroup fastest(Node node) {
        return node.coreGroups().stream().min(FASTEST).orElseThrow();
    }

    /** A stage that is whole on one core group. */
    public static Stage undivided(ModelGraph graph, Segment segment, CoreGroupId place) {
        return new Stage(
                segment, List.of(new Shard(place, whole(graph.inputs(segment)), whole(graph.outputs(segment)))));
    }

    /** A lane of these stages with the edges that they need, with the codec that is asked for. */
    public static Lane lane(PlanRequest request, double weight, List<Stage> stages) {
        ModelGraph graph = request.graph();
        Lane lane = new Lane(weight, graph.name(), stages, EdgeDerivation.edges(graph, stages));
        return lane.coded(graph, request.cost().codec());
    }

    /** A plan of one lane, scored; it need not fit. */
    public static Plan plan(PlanRequest request, String scheme, List<Stage> stages) {
        return ofLanes(request, scheme, List.of(lane(request, 1, stages)));
    }

    /** A plan of these lanes, scored; it need not fit. */
    public static Plan ofLanes(PlanRequest request, String scheme, List<Lane> lanes) {
        ModelGraph graph = request.graph();
        return new Plan(
                graph.name(), graph.digest(), scheme, lanes, request.scorer().score(lanes));
    }

    /** An answer that considered nothing else. */
    public static Planned planned(Plan plan, String name) {
        Alternative chosen = new Alternative(name, Optional.of(plan.predicted()), places(plan));
        return chosen(
                plan,
                List.of(chosen),
                name + " as asked for; bounded by " + plan.predicted().bottleneck());
    }

    /** An answer of whose distance from the best nothing is known. */
    public static Planned chosen(Plan plan, List<Alternative> considered, String explanation) {
        return new Planned(plan, considered, explanation, OptionalDouble.empty());
    }

    /** Core groups in the order of the stages, each once. */
    public static String places(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().toString())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** The first node, by name, whose memory the plan exceeds. */
    public static Optional<Node> lacking(PlanRequest request, Plan plan) {
        Map<String, Long> needed = neededBytes(plan);
        return new TreeSet<>(needed.keySet())
                .stream()
                        .flatMap(id -> request.topology().node(id).stream())
                        .filter(node -> needed.getOrDefault(node.id(), 0L) > node.memoryBytes())
                        .findFirst();
    }

    /** How much memory the plan lacks on a node. */
    public static String lack(Node node, Plan plan) {
        long needed = neededBytes(plan).getOrDefault(node.id(), 0L);
        return "node " + node.id() + " has " + bytes(node.memoryBytes()) + " of memory, but its shards need "
                + bytes(needed) + ": " + bytes(needed - node.memoryBytes()) + " are missing";
    }

    private static Map<String, Long> neededBytes(Plan plan) {
        Map<String, Long> needed = new HashMap<>();
        for (PlanScore.ShardScore score : plan.predicted().shards()) {
            String node =
                    plan.lanes().get(score.lane()).shard(score.shard()).place().node();
            needed.merge(node, score.memoryBytes(), Long::sum);
        }
        return needed;
    }

    /** How much memory so many undivided copies of the model take, and how much there is at most. */
    public static String supply(PlanRequest request, int copies) {
        long needed = copies * request.cost().memoryBytes(request.graph().whole());
        long given = together(request, Node::memoryBytes);
        return (copies == 1 ? "Undivided it needs " : copies + " times undivided it needs ") + bytes(needed)
                + ", and the nodes that a plan may use have at most " + bytes(given) + " together"
                + (needed > given ? ": " + bytes(needed - given) + " are missing" : "");
    }

    /** Of as many nodes as a plan may use, those with the most of something. */
    static long together(PlanRequest request, ToLongFunction<Node> amount) {
        return request.topology().nodes().stream()
                .map(amount::applyAsLong)
                .sorted(Comparator.reverseOrder())
                .limit(request.maxNodes())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Bytes in words, exact and readable. */
    public static String bytes(long bytes) {
        return bytes < 10_000 ? bytes + " B" : String.format(Locale.ROOT, "%d B (%.1f MB)", bytes, bytes / 1e6);
    }

    private static Map<String, Region> whole(List<TensorSpec> tensors) {
        Map<String, Region> regions = new LinkedHashMap<>();
        tensors.forEach(tensor -> regions.put(tensor.name(), Region.WHOLE));
        return regions;
    }
}
