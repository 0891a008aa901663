package dev.tandem.inference.rewrite;

/** How an operator is rewritten to compute a region of its outputs. */
interface RegionRule {

    /**
     * Adds the layer to the shard's graph.
     *
     * @throws dev.tandem.core.region.NotDivisibleException when the operator, as it is used here, cannot give equal results
     */
    void rewrite(LayerSite site);
}
