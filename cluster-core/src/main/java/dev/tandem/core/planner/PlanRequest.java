package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.PlanScorer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.topology.Topology;

/**
 * What to plan for.
 *
 * @param cost of this graph on this topology
 * @param maxNodes for {@link Scheme#PIPELINE} the exact number of stages, each on a node of its own; for
 *     {@link Scheme#AUTO} the most nodes to use
 * @param shards for {@link Scheme#ROWS} the exact number of shards of each divided stage; for {@link Scheme#AUTO} the
 *     most; otherwise of no matter
 * @param gatewayNode where requests come from: a node of the topology, or the end of its links to a machine outside
 * @param budget how long planning may go on
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
        PlanBudget budget) {

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
        this(graph, topology, cost, objective, scheme, maxNodes, shards, gatewayNode, PlanBudget.UNLIMITED);
    }

    /** The same request with another budget. */
    public PlanRequest within(PlanBudget other) {
        return new PlanRequest(graph, topology, cost, objective, scheme, maxNodes, shards, gatewayNode, other);
    }

    /** The same request for another division. */
    public PlanRequest with(Scheme other, int nodes, int rowShards) {
        return new PlanRequest(graph, topology, cost, objective, other, nodes, rowShards, gatewayNode, budget);
    }

    /** The same request for another aim and number of nodes. */
    PlanRequest with(Objective other, int nodes) {
        return new PlanRequest(graph, topology, cost, other, scheme, nodes, shards, gatewayNode, budget);
    }

    /** The evaluator of all plans for this request. */
    public PlanScorer scorer() {
        return new PlanScorer(cost, gatewayNode);
    }
}
