package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import java.util.List;

/**
 * Blocks of layers along the best path of hubs, each divided along rows over its hub and the hub's best neighbours.
 *
 * <p>DisNet (Samikwa et al., IEEE Internet of Things Journal 2024). Certain, from the released code: every simple path is
 * scored by link and rate per hop; VGG-16's layers form four blocks, [0,4), [4,9), [9,14) and [14,18); each is divided
 * over a hub on the path and at most 6, 5, 4 and 3 of its top neighbours in proportion to rate; bandwidth counts up to 15
 * Mbit/s. Reconstructed: for other models the blocks are the same parts of the layers with a kernel; rates are scaled so
 * that the fastest is 10; a hub never lies before the one of the block before; paths have four nodes at most, one for
 * each block; layers that cannot be divided are whole on the hub. Left out: the discount by power (its energy
 * sensitivity); the plan is the same for every objective.
 */
final class DisNet implements Planner {

    private static final String NAME = "disnet";

    /** Layers of VGG-16, convolutions and poolings. */
    private static final int LAYERS = 18;

    /** Where its blocks end. */
    private static final int[] ENDS = {4, 9, 14, 18};

    private static final int[] MOST_NEIGHBOURS = {6, 5, 4, 3};

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Block> kernels = Blocks.kernels(request.graph());
        return Fitting.plan(request, NAME, fleet -> plan(request, kernels, fleet));
    }

    private static Plan plan(PlanRequest request, List<Block> kernels, Fleet fleet) {
        HubPath path = HubPath.best(request, fleet, ENDS.length);
        List<Block> blocks = Blocks.joined(kernels, index -> blockOf(kernels, index));
        StageChain chain = new StageChain(request.graph());
        int hub = 0;
        for (Block block : blocks) {
            int part = blockOf(kernels, Blocks.indexAt(kernels, block.segment().from()));
            hub = path.bestHub(hub, MOST_NEIGHBOURS[part]);
            chain.block(
                    block,
                    Share.byRate(path.team(hub, MOST_NEIGHBOURS[part])),
                    path.hubs().get(hub));
        }
        return Draft.plan(request, NAME, chain.stages());
    }

    /** In which of the four blocks a kernel lies. */
    private static int blockOf(List<Block> kernels, int index) {
        int layer = index * LAYERS / kernels.size();
        int block = 0;
        while (layer >= ENDS[block]) {
            block++;
        }
        return block;
    }
}
