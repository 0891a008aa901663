package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import java.util.List;

/**
 * Rows of every convolution by itself in proportion to the nodes' rates, gathered on the leader and dealt anew.
 *
 * <p>MoDNN (Mao et al., DATE 2017): the biased one-dimensional partition (BODP) per layer, without a term for the
 * network. Certain: strips in proportion to rate, gathering and redistribution after every layer by the node that has
 * the request. Differs from the paper: what lies between two convolutions (activations, poolings) runs undivided on the
 * leader, which is what brings the rows together there; where a convolution follows another directly, rows go straight
 * from node to node, which is cheaper than the paper. Its partition of sparse dense layers is left out: dense layers are
 * whole on the leader.
 */
final class Modnn implements Planner {

    private static final String NAME = "modnn";

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Blocks.Block> blocks = Blocks.convolutions(request.graph());
        return Fitting.plan(request, NAME, fleet -> {
            StageChain chain = new StageChain(request.graph());
            for (Blocks.Block block : blocks) {
                chain.block(block, Share.byRate(fleet.processors()), fleet.leader());
            }
            return Draft.plan(request, NAME, chain.stages());
        });
    }
}
