package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the edges of a lane bring every shard, and the gateway, all they need exactly once. */
final class LaneEdges {

    /** Who needs which tensor. */
    private record Need(Endpoint consumer, String tensor) {}

    private final String name;
    private final Lane lane;
    private final ModelGraph graph;
    private final Topology topology;
    private final List<String> problems = new ArrayList<>();
    private final Map<Need, Region> needs = new LinkedHashMap<>();
    private final Map<Need, List<Region>> pieces = new LinkedHashMap<>();

    private LaneEdges(String name, Lane lane, ModelGraph graph, Topology topology) {
        this.name = name;
        this.lane = lane;
        this.graph = graph;
        this.topology = topology;
    }

    /** Expects the places and the regions of the shards to be right. */
    static List<String> problems(String name, Lane lane, ModelGraph graph, Topology topology) {
        LaneEdges edges = new LaneEdges(name, lane, graph, topology);
        edges.collectNeeds();
        lane.edges().forEach(edges::check);
        edges.checkPieces();
        return edges.problems;
    }

    private void collectNeeds() {
        graph.outputs().stream()
                .filter(output -> !graph.isModelInput(output.name()))
                .forEach(output -> needs.put(new Need(Endpoint.GATEWAY, output.name()), Region.WHOLE));
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            List<Shard> shards = lane.stages().get(stage).shards();
            for (int shard = 0; shard < shards.size(); shard++) {
                Endpoint endpoint = new Endpoint(stage, shard);
                shards.get(shard).inputs().forEach((tensor, region) -> needs.put(new Need(endpoint, tensor), region));
            }
        }
    }

    private void check(Edge edge) {
        String words = name + ", edge of '" + edge.tensor() + "' " + edge.region() + " from " + edge.producer() + " to "
                + edge.consumer();
        String problem = problem(edge);
        if (problem == null) {
            pieces.computeIfAbsent(new Need(edge.consumer(), edge.tensor()), need -> new ArrayList<>())
                    .add(edge.region());
            linkProblem(edge).ifPresent(missing -> problems.add(words + ": " + missing));
        } else {
            problems.add(words + ": " + problem);
        }
    }

    private @Nullable String problem(Edge edge) {
        if (!exists(edge.producer()) || !exists(edge.consumer())) {
            return "both ends must be shards of the lane, or the gateway";
        }
        String beyond = Regions.problem(graph, edge.tensor(), edge.region()).orElse(null);
        if (beyond != null) {
            return beyond;
        }
        if (!edge.consumer().isGateway()
                && edge.producer().stage() >= edge.consumer().stage()) {
            return "the producer must be in an earlier stage";
        }
        if (!needs.containsKey(new Need(edge.consumer(), edge.tensor()))) {
            return "the consumer does not need this tensor";
        }
        return owns(edge) ? codecProblem(edge) : "the producer does not have this region";
    }

    private @Nullable String codecProblem(Edge edge) {
        TensorSpec tensor = graph.tensor(edge.tensor());
        Codec best = edge.codec().on(tensor.type());
        if (best != edge.codec()) {
            return "codec " + edge.codec() + " is for FLOAT, but the tensor is " + tensor.type() + ". Maybe use " + best
                    + ".";
        }
        return edge.codec() != Codec.EXACT && lane.isWithinNode(edge)
                ? "codec " + edge.codec() + " must be exact: both ends are on one node, where nothing is coded"
                : null;
    }

    /** The gateway may be on a machine outside of the topology, of whose links nothing is known here. */
    private Optional<String> linkProblem(Edge edge) {
        if (edge.producer().isGateway() || edge.consumer().isGateway()) {
            return Optional.empty();
        }
        String from = lane.shard(edge.producer()).place().node();
        String to = lane.shard(edge.consumer()).place().node();
        return from.equals(to) || topology.link(from, to).isPresent()
                ? Optional.empty()
                : Optional.of("there is no link from node " + from + " to node " + to);
    }

    private boolean owns(Edge edge) {
        TensorSpec tensor = graph.tensor(edge.tensor());
        if (edge.producer().isGateway()) {
            return graph.isModelInput(edge.tensor());
        }
        Region owned = lane.shard(edge.producer()).outputs().get(edge.tensor());
        return owned != null && Regions.contains(tensor, owned, edge.region());
    }

    private boolean exists(Endpoint endpoint) {
        if (endpoint.isGateway()) {
            return endpoint.equals(Endpoint.GATEWAY);
        }
        return endpoint.stage() < lane.stages().size()
                && endpoint.shard() >= 0
                && endpoint.shard()
                        < lane.stages().get(endpoint.stage()).shards().size();
    }

    private void checkPieces() {
        needs.forEach((need, region) -> Regions.partitionProblem(
                        graph.tensor(need.tensor()),
                        Objects.requireNonNull(region),
                        pieces.getOrDefault(need, List.of()))
                .ifPresent(problem -> problems.add(name + ": " + need.consumer() + " must get " + region
                        + " of tensor '" + need.tensor() + "' exactly once, but gets " + problem)));
    }
}
