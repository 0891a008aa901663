package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One complete way through the model.
 *
 * @param weight requests in a time that it can take, relative to the other lanes' weights, by which {@link Dealing} goes; 0
 *     for one that stands by: it is open like the others, but takes requests only when none with a weight is left
 * @param variant which variant of the model runs; the model's own name where no family is given
 * @param stages in the order of their segments
 * @param edges what travels between shards, and between them and the gateway
 */
public record Lane(double weight, String variant, List<Stage> stages, List<Edge> edges) {

    public Lane {
        stages = List.copyOf(stages);
        edges = List.copyOf(edges);
        if (!(weight >= 0)) {
            throw new IllegalArgumentException("weight (" + weight + ") of a lane must be 0 or above");
        }
    }

    /** The same lane, standing by. */
    public Lane onStandby() {
        return new Lane(0, variant, stages, edges);
    }

    /**
     * The same lane with a codec on all edges from node to node and to and from the gateway, as far as their tensors allow
     * it. Nothing is coded between shards of one node.
     */
    public Lane coded(ModelGraph graph, Codec codec) {
        List<Edge> coded = edges.stream()
                .map(edge -> edge.coded(
                        isWithinNode(edge)
                                ? Codec.EXACT
                                : codec.on(graph.tensor(edge.tensor()).type())))
                .toList();
        return new Lane(weight, variant, stages, coded);
    }

    /** Whether both ends are shards of one node. Where the gateway is, a lane does not say. */
    boolean isWithinNode(Edge edge) {
        return !edge.producer().isGateway()
                && !edge.consumer().isGateway()
                && shard(edge.producer())
                        .place()
                        .node()
                        .equals(shard(edge.consumer()).place().node());
    }

    public boolean isStandby() {
        return weight == 0;
    }

    /**
     * By how many stages the longest edge leads forward: 1 in a plain chain, more where an edge passes stages. The gateway
     * counts as the stage before the first when it produces and as the one behind the last when it consumes.
     */
    public int longestReach() {
        return edges.stream()
                .mapToInt(edge -> (edge.consumer().isGateway()
                                ? stages.size()
                                : edge.consumer().stage())
                        - (edge.producer().isGateway() ? -1 : edge.producer().stage()))
                .max()
                .orElse(1);
    }

    /** Names of the nodes that compute in it. */
    public Set<String> nodes() {
        return stages.stream()
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .collect(Collectors.toUnmodifiableSet());
    }

    public Shard shard(Endpoint endpoint) {
        return stages.get(endpoint.stage()).shards().get(endpoint.shard());
    }
}
