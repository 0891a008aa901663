package dev.tandem.harness.experiment.edgeld;

import dev.tandem.core.planner.RowShares;
import dev.tandem.harness.experiment.edgeld.RowChain.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How long divisions into the papers' blocks take in their model. */
final class Published {

    private final RowChain chain;
    private final List<Follower> followers;

    Published(RowChain chain, List<Follower> followers) {
        this.chain = chain;
        this.followers = followers;
    }

    /** MoDNN's: strips in proportion to rates, gathered behind every convolution. */
    double bodpPerLayer() {
        return seconds(false, this::biased);
    }

    /** The same strips, with the convolutions between two poolings in one block. */
    double bodp() {
        return seconds(true, this::biased);
    }

    /** EdgeLD's and EdgeDI's: such blocks, with rows moved from the slowest follower to the fastest. */
    double ocbp() {
        return seconds(true, block -> PublishedRows.rebalanced(block, followers));
    }

    /** The same blocks, with the rows that Tandem deals out: the least time of the slowest. */
    double balanced() {
        return seconds(true, block -> RowShares.balanced(
                        block.rows(),
                        followers.size(),
                        (part, from, to) -> block.seconds(followers.get(part), from, to))
                .stream()
                .mapToInt(Integer::intValue)
                .toArray());
    }

    private int[] biased(Block block) {
        return PublishedRows.byRate(block.rows(), followers);
    }

    private double seconds(boolean fuses, Function<Block, int[]> rows) {
        double seconds = LinearTime.SECONDS_PER_CALL + chain.tailSeconds();
        List<Unit> open = new ArrayList<>();
        int last = chain.units().size() - 1;
        for (int index = 0; index <= last; index++) {
            Unit unit = chain.units().get(index);
            boolean pools = !unit.convolves() && unit.kernel() > 1;
            if (!open.isEmpty() && (pools || (!fuses && unit.convolves()))) {
                seconds += blockSeconds(new Block(open), rows);
                open.clear();
            }
            if (pools) {
                // The last pooling is in one call with the tail.
                seconds += unit.seconds() + (index == last ? 0 : LinearTime.SECONDS_PER_CALL);
            } else {
                open.add(unit);
            }
        }
        return open.isEmpty() ? seconds : seconds + blockSeconds(new Block(open), rows);
    }

    private double blockSeconds(Block block, Function<Block, int[]> rows) {
        return block.seconds(followers, rows.apply(block));
    }
}
