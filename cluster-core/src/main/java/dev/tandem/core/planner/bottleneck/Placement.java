package dev.tandem.core.planner.bottleneck;

import java.util.List;

/** Which blocks are on which nodes, in the order of execution. */
public record Placement(List<Piece> pieces) {

    public Placement {
        pieces = List.copyOf(pieces);
    }
}
