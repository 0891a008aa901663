package dev.tandem.core.adapt;

import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What it takes to put one plan in the place of another while that one serves. Pure. */
public final class MoveCost {

    private MoveCost() {}

    /** Weights that the node needs for the other plan and does not hold for the one in place; bytes. */
    static long missingBytes(ModelGraph graph, Plan inPlace, Plan other, String node) {
        Set<Integer> needed = layers(other, node);
        needed.removeAll(layers(inPlace, node));
        return needed.stream()
                .map(graph.layers()::get)
                .mapToLong(Layer::weightBytes)
                .sum();
    }

    private static Set<Integer> layers(Plan plan, String node) {
        Set<Integer> layers = new TreeSet<>();
        for (Lane lane : plan.lanes()) {
            for (Stage stage : lane.stages()) {
                if (stage.shards().stream()
                        .anyMatch(shard -> shard.place().node().equals(node))) {
                    addLayers(layers, stage.segment());
                }
            }
        }
        return layers;
    }

    private static void addLayers(Set<Integer> layers, Segment segment) {
        for (int layer = segment.from(); layer < segment.to(); layer++) {
            layers.add(layer);
        }
    }

    /**
     * Seconds until the slowest node has the weights that it lacks, were each link from the source alone.
     *
     * @param source the place that has all weights
     */
    public static double seconds(ModelGraph graph, Plan inPlace, Plan other, Topology topology, String source) {
        return topology.nodes().stream()
                .map(Node::id)
                .mapToDouble(node -> topology.link(source, node)
                        .map(Link::bandwidthBytesPerSecond)
                        .map(bandwidth -> missingBytes(graph, inPlace, other, node) / bandwidth)
                        .orElse(0.0))
                .max()
                .orElse(0);
    }

    /** A shard as it is computed: where two plans have it, it is open once. */
    private record Computed(String modelDigest, Segment segment, Shard shard) {}

    /** What memory is left beside these plans, none of whose shards others share. */
    public static Topology left(List<Plan> inPlace, Topology topology) {
        List<Node> nodes = topology.nodes().stream()
                .map(node -> node.withMemory(Math.max(0, node.memoryBytes() - held(inPlace, node.id()))))
                .toList();
        return new Topology(nodes, topology.links());
    }

    private static long held(List<Plan> inPlace, String node) {
        return inPlace.stream().mapToLong(plan -> plan.memoryBytes(node)).sum();
    }

    /** What the other plan needs beside what is in place, with which it shares the shards that both have; bytes. */
    private static long neededBeside(List<Plan> inPlace, Plan other, String node) {
        Set<Computed> open = new HashSet<>();
        inPlace.forEach(plan -> plan.predicted().shards().forEach(score -> open.add(computed(plan, score))));
        return other.predicted().shards().stream()
                .filter(score -> computed(other, score).shard().place().node().equals(node))
                .filter(score -> !open.contains(computed(other, score)))
                .mapToLong(PlanScore.ShardScore::memoryBytes)
                .sum();
    }

    private static Computed computed(Plan plan, PlanScore.ShardScore score) {
        Lane lane = plan.lanes().get(score.lane());
        return new Computed(
                plan.modelDigest(), lane.stages().get(score.shard().stage()).segment(), lane.shard(score.shard()));
    }

    /**
     * The nodes whose memory does not hold a plan beside those that are in place, in words; empty where all do.
     *
     * @param inPlace all of them, of whatever model
     */
    public static Optional<String> lack(List<Plan> inPlace, Plan other, Topology topology) {
        List<String> lacking = new ArrayList<>();
        for (Node node : topology.nodes()) {
            long held = held(inPlace, node.id());
            long needed = neededBeside(inPlace, other, node.id());
            if (held > 0 && needed > 0 && held + needed > node.memoryBytes()) {
                lacking.add("node " + node.id() + " has " + Draft.bytes(node.memoryBytes())
                        + ", together with what is in place it needs " + Draft.bytes(held + needed));
            }
        }
        return lacking.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lacking));
    }
}
