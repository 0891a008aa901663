package dev.tandem.core.planner.baseline;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;

/**
 * What maps of blocks to core groups of one node cost: neighbouring blocks on one core group are one call; nothing travels
 * inside a node, and what the gateway sends and gets is the same for every map. Immutable.
 */
final class LayerMapCosts {

    private final PlanRequest request;
    private final List<Block> blocks;
    private final List<CoreGroup> groups;

    LayerMapCosts(PlanRequest request, List<Block> blocks, List<CoreGroup> groups) {
        this.request = request;
        this.blocks = blocks;
        this.groups = groups;
    }

    int blocks() {
        return blocks.size();
    }

    int groups() {
        return groups.size();
    }

    /** Seconds to be made small: of one request, or of the busiest core group. */
    double seconds(int[] map) {
        double[] busy = new double[groups.size()];
        double all = 0;
        double most = 0;
        for (int from = 0, to = 1; from < map.length; from = to++) {
            while (to < map.length && map[to] == map[from]) {
                to++;
            }
            Segment run = new Segment(
                    blocks.get(from).segment().from(),
                    blocks.get(to - 1).segment().to());
            double seconds = request.cost().computeSeconds(groups.get(map[from]), run);
            busy[map[from]] += seconds;
            most = Math.max(most, busy[map[from]]);
            all += seconds;
        }
        return request.objective().isOfOneRequest() ? all : most;
    }
}
