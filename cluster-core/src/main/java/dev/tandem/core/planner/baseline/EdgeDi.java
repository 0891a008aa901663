package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import java.util.List;

/**
 * Rows of up to two fused convolutions at a time, gathered on the leader, which runs what lies between: the optimal
 * split (OCBP), with rows moved from the slowest node to the fastest until that no longer helps, or the biased one (BODP),
 * in proportion to rates, that it is compared with.
 *
 * <p>EdgeDI (Fang et al., ACM TOIT 2023) and its predecessor EdgeLD (HPCC 2020). Certain, from the released code: the
 * start in proportion to rates, the time of a part (compute with halo rows, what it gets and what it gives), a move of one
 * row from the slowest to the fastest until the gap no longer shrinks, two fused 3-row layers; poolings and dense layers
 * on the leader. Reconstructed: blocks of models other than VGG are any layers with up to two kernels of more than one
 * row; the leader computes a part, too, and sends it nowhere. Compute times are the cost model's, where the paper has a
 * line through measured points.
 */
final class EdgeDi implements Planner {

    /** Layers with kernels that the released code fuses. */
    private static final int FUSED = 2;

    private final String scheme;
    private final boolean isBalanced;

    private EdgeDi(String scheme, boolean isBalanced) {
        this.scheme = scheme;
        this.isBalanced = isBalanced;
    }

    static EdgeDi bodp() {
        return new EdgeDi("bodp", false);
    }

    static EdgeDi ocbp() {
        return new EdgeDi("edgedi", true);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Block> blocks = Blocks.fusedConvolutions(request.graph(), FUSED);
        return Fitting.plan(request, scheme, fleet -> plan(request, blocks, fleet));
    }

    private Plan plan(PlanRequest request, List<Block> blocks, Fleet fleet) {
        RowBalance balance = new RowBalance(request, fleet.leader());
        List<Share> byRate = Share.byRate(fleet.processors());
        StageChain chain = new StageChain(request.graph());
        for (Block block : blocks) {
            boolean moves = isBalanced && block.isDivisible();
            chain.block(block, moves ? balance.balanced(block.segment(), byRate) : byRate, fleet.leader());
        }
        return Draft.plan(request, scheme, chain.stages());
    }
}
