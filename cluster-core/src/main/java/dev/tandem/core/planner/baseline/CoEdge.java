package dev.tandem.core.planner.baseline;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The same share of the rows of every layer for each node, so that only halo rows travel, straight between neighbours.
 *
 * <p>CoEdge (Zeng et al., IEEE/ACM Transactions on Networking 2021). Certain: a linear programme over the shares of the
 * input's rows; halo from neighbours only. From memory: a node whose share is below the halo is dropped. Reconstructed:
 * the paper makes energy small under a deadline; a request names none and most clusters no power, so the deadline is made
 * as short as it can be: every node takes as long as the others, with the time of its share in compute and on its link to the leader.
 * The programme then has the closed form of shares in proportion to 1 / (seconds of all rows). Layers that cannot be
 * divided are whole on the leader.
 */
final class CoEdge implements Planner {

    private static final String NAME = "coedge";

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Block> blocks = Blocks.kernels(request.graph());
        return Fitting.plan(request, NAME, fleet -> plan(request, blocks, fleet));
    }

    private static Plan plan(PlanRequest request, List<Block> blocks, Fleet fleet) {
        List<Share> shares = shares(request, blocks, fleet);
        StageChain chain = new StageChain(request.graph());
        for (Block block : blocks) {
            chain.block(block, shares, fleet.leader());
        }
        return Draft.plan(request, NAME, chain.stages());
    }

    /** The programme's shares, solved again without the smallest as long as that one is below the halo. */
    private static List<Share> shares(PlanRequest request, List<Block> blocks, Fleet fleet) {
        double halo = blocks.stream()
                .filter(Block::isDivisible)
                .mapToDouble(block -> haloShare(request, block.segment()))
                .max()
                .orElse(0);
        List<Share> shares = new ArrayList<>();
        for (CoreGroup group : fleet.processors()) {
            shares.add(new Share(group, 1 / allRowsSeconds(request, blocks, fleet.leader(), group)));
        }
        while (shares.size() > 1) {
            double all = shares.stream().mapToDouble(Share::weight).sum();
            Share smallest = shares.stream()
                    .min(Comparator.comparingDouble(Share::weight))
                    .orElseThrow();
            if (smallest.weight() / all >= halo) {
                break;
            }
            shares.remove(smallest);
        }
        return List.copyOf(shares);
    }

    /** Were all rows on one node: compute, and the model input that the leader sends it. */
    private static double allRowsSeconds(PlanRequest request, List<Block> blocks, CoreGroup leader, CoreGroup group) {
        double seconds = 0;
        for (Block block : blocks) {
            seconds += block.isDivisible() ? request.cost().computeSeconds(group, block.segment()) : 0;
        }
        return seconds
                + request.cost()
                        .linkSeconds(
                                leader.id().node(),
                                group.id().node(),
                                request.graph().inputBytes())
                + Double.MIN_NORMAL;
    }

    /** Rows beyond its own that a part reads on one side, as a share of the input's height. */
    private static double haloShare(PlanRequest request, Segment segment) {
        TensorSpec output = request.graph().outputs(segment).get(0);
        int middle = output.rows() / 2;
        Map<String, Interval> rows =
                ReceptiveField.rows(request.graph(), segment, Map.of(output.name(), new Interval(middle, middle + 1)));
        double widest = 0;
        for (TensorSpec input : request.graph().inputs(segment)) {
            if (Axis.ROWS.divisible(input) > 0 && rows.get(input.name()) != null) {
                double own = (double) input.rows() / output.rows();
                double read = rows.getOrDefault(input.name(), Interval.EMPTY).length();
                widest = Math.max(widest, (read - own) / 2 / input.rows());
            }
        }
        return widest;
    }
}
