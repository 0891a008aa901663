package dev.tandem.inference.rewrite;

/** How an operator is rewritten to compute some rows of its outputs. */
interface RowRule {

    /**
     * Adds the layer to the shard's graph.
     *
     * @throws dev.tandem.core.region.NotDivisibleException when the operator, as it is used here, cannot give equal results
     */
    void rewrite(LayerSite site);
}
