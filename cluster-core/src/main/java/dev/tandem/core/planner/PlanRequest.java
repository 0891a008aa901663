package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.PlanExplainer;
import dev.tandem.core.cost.PlanScorer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to plan for.
 *
 * @param cost of this graph on this topology
 * @param maxNodes for {@link Scheme#PIPELINE} the exact number of stages, each on a node of its own; otherwise the most
 *     nodes to use
 * @param shards for {@link Scheme#ROWS}, {@link Scheme#GRID}, {@link Scheme#CHANNELS} and {@link Scheme#BATCH} the exact number
 *     of shards of each divided stage, for {@link Scheme#BRANCHES} of core groups; for {@link Scheme#AUTO} the most; otherwise
 *     of no matter
 * @param gatewayNode where requests come from: a node of the topology, or the end of its links to a machine outside
 * @param budget how long planning may go on
 * @param halo what becomes of halos: of {@link Scheme#ROWS} and {@link Scheme#GRID} only
 */
public record PlanRequest(
        ModelGraph graph,
        Topology topology,
        CostModel cost,
        Objective objective,
        Scheme scheme,
        int maxNodes,
        int shards,
        String gatewayNode,
        PlanBudget budget,
        Halo halo) {

    public PlanRequest {
        if (maxNodes < 1 || shards < 1) {
            throw new IllegalArgumentException(
                    "maxNodes (" + maxNodes + ") and shards (" + shards + ") must be at least 1");
        }
        if (!cost.graph().digest().equals(graph.digest()) || !cost.topology().equals(topology)) {
            throw new IllegalArgumentException("the cost model must be that of model " + graph.name() + " (digest "
                    + graph.digest() + ") on the given topology, but is that of "
                    + cost.graph().name() + " (digest "
                    + cost.graph().digest() + ")");
        }
    }

    /** A request that is planned to the end. */
    public PlanRequest(
            ModelGraph graph,
            Topology topology,
            CostModel cost,
            Objective objective,
            Scheme scheme,
            int maxNodes,
            int shards,
            String gatewayNode) {
        this(
                graph,
                topology,
                cost,
                objective,
                scheme,
                maxNodes,
                shards,
                gatewayNode,
                PlanBudget.UNLIMITED,
                Halo.CHOSEN);
    }

    /** The same request with another budget. */
    public PlanRequest within(PlanBudget other) {
        return new PlanRequest(graph, topology, cost, objective, scheme, maxNodes, shards, gatewayNode, other, halo);
    }

    /** The same request with halos dealt with otherwise. */
    public PlanRequest with(Halo other) {
        return new PlanRequest(graph, topology, cost, objective, scheme, maxNodes, shards, gatewayNode, budget, other);
    }

    /** The same request for another division. */
    public PlanRequest with(Scheme other, int nodes, int rowShards) {
        return new PlanRequest(
                graph, topology, cost, objective, other, nodes, rowShards, gatewayNode, budget, halo.within(other));
    }

    /** The same request for another aim and number of nodes. */
    PlanRequest with(Objective other, int nodes) {
        return new PlanRequest(graph, topology, cost, other, scheme, nodes, shards, gatewayNode, budget, halo);
    }

    /** The same request for other machines. */
    public PlanRequest on(Topology machines) {
        return new PlanRequest(
                graph, machines, cost.on(machines), objective, scheme, maxNodes, shards, gatewayNode, budget, halo);
    }

    /** The same request with so many of the nodes: the fastest ones, the gateway's among them, in the same order. */
    public PlanRequest overFastest(int most) {
        if (topology.nodes().size() <= most) {
            return this;
        }
        Set<String> kept = topology.nodes().stream()
                .sorted(Comparator.comparing((Node node) -> !node.id().equals(gatewayNode))
                        .thenComparing(Draft::fastest, Draft.FASTEST))
                .limit(most)
                .map(Node::id)
                .collect(Collectors.toCollection(HashSet::new));
        List<Node> nodes = topology.nodes().stream()
                .filter(node -> kept.contains(node.id()))
                .toList();
        kept.add(gatewayNode);
        Topology fewer = new Topology(
                nodes,
                topology.links().stream()
                        .filter(link -> kept.contains(link.from()) && kept.contains(link.to()))
                        .toList());
        return new PlanRequest(
                graph,
                fewer,
                cost.on(fewer),
                objective,
                scheme,
                Math.min(most, maxNodes),
                shards,
                gatewayNode,
                budget,
                halo);
    }

    /** Seconds that a request keeps the gateway's network card busy when all of its work is elsewhere. */
    double gatewayCardSeconds() {
        return Math.max(
                cost.sendSeconds(gatewayNode, graph.inputBytes()),
                cost.receiveSeconds(gatewayNode, graph.outputBytes()));
    }

    /** The evaluator of all plans for this request. */
    public PlanScorer scorer() {
        return new PlanScorer(cost, gatewayNode);
    }

    /** What takes the evaluator's predictions apart. */
    public PlanExplainer explainer() {
        return new PlanExplainer(cost, gatewayNode);
    }
}
