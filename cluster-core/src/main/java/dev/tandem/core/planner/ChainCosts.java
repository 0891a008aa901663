package dev.tandem.core.planner;

/**
 * Costs of a chain of stages over distinct nodes, seen by {@link ChainSearch}. Nodes and positions are indices; position
 * 0 is before the first layer, the last one behind the last layer. Infinite where something does not fit.
 */
interface ChainCosts {

    int nodes();

    /** Index of the last position, at least 1. */
    int end();

    /** From the gateway to the node of the first stage. */
    double entry(int node);

    /** The stage between two positions on a node. */
    double stage(int node, int from, int to);

    /** What crosses at a position, from one node to another. */
    double hop(int fromNode, int toNode, int position);

    /** Whether a stage on one node may come before a stage on another, next to it or not. */
    boolean mayPrecede(int node, int later);

    /** From the node of the last stage to the gateway. */
    double exit(int node);

    /** Whether costs of parts add up; otherwise the largest counts. */
    boolean adds();

    /** Costs of parts as the cost of both: their sum, or the larger one. */
    default double join(double first, double second) {
        return adds() ? first + second : Math.max(first, second);
    }

    /** No less than this do the layers from a position on cost, wherever they run. */
    double rest(int position);
}
