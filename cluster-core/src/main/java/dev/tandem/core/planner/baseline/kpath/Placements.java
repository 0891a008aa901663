package dev.tandem.core.planner.baseline.kpath;

import dev.tandem.core.planner.bottleneck.Piece;
import dev.tandem.core.planner.bottleneck.Placement;
import java.util.ArrayList;
import java.util.List;

/** From cuts and nodes to a placement. */
final class Placements {

    private Placements() {}

    /** @param nodes one more than there are cuts */
    static Placement of(List<Integer> cuts, List<Integer> nodes, int size) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int index = 0; index <= cuts.size(); index++) {
            int to = index == cuts.size() ? size : cuts.get(index);
            pieces.add(new Piece(from, to, nodes.get(index)));
            from = to;
        }
        return new Placement(pieces);
    }
}
