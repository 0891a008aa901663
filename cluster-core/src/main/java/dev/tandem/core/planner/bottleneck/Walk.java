package dev.tandem.core.planner.bottleneck;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a beginning of the chain, the last of them still open: it may end anywhere up to {@link #furthest}. A node
 * may come twice, unless it is critical; a walk without repetition is a path.
 */
final class Walk {

    private final @Nullable Walk before;
    private final int node;
    private final int start;
    private final int furthest;
    private final int pieces;
    private final long criticals;
    private final boolean isPath;

    private Walk(@Nullable Walk before, int node, int start, int furthest, long criticals) {
        this.before = before;
        this.node = node;
        this.start = start;
        this.furthest = furthest;
        this.pieces = before == null ? 1 : before.pieces + 1;
        this.criticals = before == null ? criticals : before.criticals | criticals;
        this.isPath = before == null || (before.isPath && !before.visits(node));
    }

    static Walk begin(int node, int furthest, long critical) {
        return new Walk(null, node, 0, furthest, critical);
    }

    /** This walk with its last piece ended at a position and a new one on a node. */
    Walk then(int nextNode, int position, int nextFurthest, long critical) {
        return new Walk(this, nextNode, position, nextFurthest, critical);
    }

    int node() {
        return node;
    }

    int start() {
        return start;
    }

    int furthest() {
        return furthest;
    }

    int pieces() {
        return pieces;
    }

    /** Critical nodes on the way, as bits. */
    long criticals() {
        return criticals;
    }

    boolean isPath() {
        return isPath;
    }

    /** Whether whatever can follow the other can follow this one too, and this is a path if the other is. */
    boolean dominates(Walk other) {
        return furthest >= other.furthest
                && pieces <= other.pieces
                && (criticals & ~other.criticals) == 0
                && (isPath || !other.isPath);
    }

    private boolean visits(int candidate) {
        for (Walk walk = this; walk != null; walk = walk.before) {
            if (walk.node == candidate) {
                return true;
            }
        }
        return false;
    }

    /** Nodes that come more than once. */
    BitSet repeated() {
        BitSet seen = new BitSet();
        BitSet repeated = new BitSet();
        for (Walk walk = this; walk != null; walk = walk.before) {
            if (seen.get(walk.node)) {
                repeated.set(walk.node);
            }
            seen.set(walk.node);
        }
        return repeated;
    }

    /** The pieces when the last one ends at a position. */
    Placement endedAt(int end) {
        List<Piece> placed = new ArrayList<>();
        int to = end;
        for (Walk walk = this; walk != null; walk = walk.before) {
            placed.add(new Piece(walk.start, to, walk.node));
            to = walk.start;
        }
        Collections.reverse(placed);
        return new Placement(placed);
    }
}
