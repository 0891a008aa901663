package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.function.Function;

/**
 * Rows over all nodes, with as many layers in one stage as can be divided together and the others on the leader: what is
 * done first without a planner. Halo rows are computed twice, more of them with every layer.
 *
 * <p>No publication; the even and the proportional split that papers compare with when they say no more.
 */
final class ShareRows implements Planner {

    private final String scheme;
    private final Function<List<CoreGroup>, List<Share>> shares;

    private ShareRows(String scheme, Function<List<CoreGroup>, List<Share>> shares) {
        this.scheme = scheme;
        this.shares = shares;
    }

    static ShareRows even() {
        return new ShareRows("even-rows", Share::even);
    }

    static ShareRows proportional() {
        return new ShareRows("proportional-rows", Share::byRate);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Blocks.Block> blocks = Blocks.longest(request.graph());
        return Fitting.plan(request, scheme, fleet -> {
            StageChain chain = new StageChain(request.graph());
            for (Blocks.Block block : blocks) {
                chain.block(block, shares.apply(fleet.processors()), fleet.leader());
            }
            return Draft.plan(request, scheme, chain.stages());
        });
    }
}
