package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionExchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What must travel between the shards of some stages: the overlap of what each producer computes with what each consumer
 * needs, straight from one to the other, past stages in between.
 *
 * <p>The gateway gives the model inputs and takes the model outputs; a model output that is also read by a later stage
 * goes to both.
 */
public final class EdgeDerivation {

    private final ModelGraph graph;
    private final Map<String, Map<Endpoint, Region>> producers = new LinkedHashMap<>();
    private final Map<String, Map<Endpoint, Region>> consumers = new LinkedHashMap<>();

    private EdgeDerivation(ModelGraph graph) {
        this.graph = graph;
    }

    /**
     * The edges of a lane of these stages, by tensor, consumer and producer.
     *
     * @throws IllegalArgumentException when a shard needs what no other computes, or two shards compute the same
     */
    public static List<Edge> edges(ModelGraph graph, List<Stage> stages) {
        EdgeDerivation derivation = new EdgeDerivation(graph);
        derivation.addGateway();
        for (int stage = 0; stage < stages.size(); stage++) {
            List<Shard> shards = stages.get(stage).shards();
            for (int shard = 0; shard < shards.size(); shard++) {
                derivation.addShard(new Endpoint(stage, shard), shards.get(shard));
            }
        }
        return derivation.exchange();
    }

    private void addGateway() {
        graph.inputs().forEach(input -> produce(input.name(), Endpoint.GATEWAY, Region.WHOLE));
        graph.outputs().stream()
                .filter(output -> !graph.isModelInput(output.name()))
                .forEach(output -> consume(output.name(), Endpoint.GATEWAY, Region.WHOLE));
    }

    private void addShard(Endpoint endpoint, Shard shard) {
        shard.inputs().forEach((tensor, region) -> consume(tensor, endpoint, region));
        shard.outputs().forEach((tensor, region) -> produce(tensor, endpoint, region));
    }

    private void produce(String tensor, Endpoint endpoint, Region region) {
        producers.computeIfAbsent(tensor, name -> new LinkedHashMap<>()).put(endpoint, region);
    }

    private void consume(String tensor, Endpoint endpoint, Region region) {
        consumers.computeIfAbsent(tensor, name -> new LinkedHashMap<>()).put(endpoint, region);
    }

    private List<Edge> exchange() {
        List<Edge> edges = new ArrayList<>();
        for (Map.Entry<String, Map<Endpoint, Region>> produced : producers.entrySet()) {
            Map<Endpoint, Region> needs = consumers.getOrDefault(produced.getKey(), Map.of());
            edges.addAll(exchange(graph.tensor(produced.getKey()), produced.getValue(), needs));
        }
        requireProducers();
        return List.copyOf(edges);
    }

    private static List<Edge> exchange(TensorSpec tensor, Map<Endpoint, Region> from, Map<Endpoint, Region> to) {
        List<Endpoint> producing = List.copyOf(from.keySet());
        List<Endpoint> consuming = List.copyOf(to.keySet());
        return RegionExchange.pieces(tensor, List.copyOf(from.values()), List.copyOf(to.values())).stream()
                .map(piece -> new Edge(
                        tensor.name(),
                        producing.get(piece.producer()),
                        consuming.get(piece.consumer()),
                        piece.region(),
                        Codec.EXACT))
                .toList();
    }

    private void requireProducers() {
        consumers.forEach((tensor, needs) -> {
            if (!producers.containsKey(tensor)) {
                throw new IllegalArgumentException("tensor '" + tensor + "' is needed by "
                        + Objects.requireNonNull(needs).keySet() + ", but no stage computes it");
            }
        });
    }
}
