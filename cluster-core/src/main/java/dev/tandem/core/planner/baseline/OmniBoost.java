package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.Random;

/**
 * Layers mapped to the core groups of one node by Monte-Carlo tree search, without distribution.
 *
 * <p>OmniBoost (Karatzas and Anagnostopoulos, DAC 2023). Certain, from the abstract and the repository's notes: Monte-Carlo
 * tree search over maps of layers to a board's big and little CPUs and graphics processor, on the estimated throughput.
 * Reconstructed: one model instead of several at a time; this cost model instead of a trained network as the estimate,
 * and for the latency that one where the request asks for it; {@value #BUDGET} play-outs; layers in at most {@value
 * #MOST_BLOCKS} blocks; the board is the leader's. A seed makes it the same every time.
 */
final class OmniBoost implements Planner {

    static final int BUDGET = 2000;

    private static final String NAME = "omniboost";
    private static final int MOST_BLOCKS = 32;

    private final long seed;

    OmniBoost(long seed) {
        this.seed = seed;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Block> blocks = blocks(request);
        return Fitting.plan(request.with(request.scheme(), 1, request.shards()), NAME, fleet -> {
            List<CoreGroup> groups = request.topology()
                    .node(fleet.leader().id().node())
                    .orElseThrow()
                    .coreGroups();
            return plan(request, blocks, groups);
        });
    }

    private Plan plan(PlanRequest request, List<Block> blocks, List<CoreGroup> groups) {
        LayerMapCosts costs = new LayerMapCosts(request, blocks, groups);
        int[] map = new LayerMapSearch(costs, new Random(seed)).best(BUDGET);
        StageChain chain = new StageChain(request.graph());
        for (int block = 0; block < map.length; block++) {
            chain.whole(blocks.get(block).segment(), groups.get(map[block]));
        }
        return Draft.plan(request, NAME, chain.stages());
    }

    /** Any cut may part two core groups: blocks need not be divisible. */
    private static List<Block> blocks(PlanRequest request) {
        List<Block> all = Blocks.atoms(request.graph()).stream()
                .map(atom -> new Block(atom.segment(), true))
                .toList();
        return Blocks.atMost(MOST_BLOCKS, all, request.cost());
    }
}
