package dev.tandem.actors.transport;

import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An edge with its index in its lane, by which frames name it. */
public record IndexedEdge(int index, Edge edge) {

    /** The edges that end at this endpoint. */
    public static List<IndexedEdge> into(Lane lane, Endpoint endpoint) {
        return select(lane, endpoint, Edge::consumer);
    }

    /** The edges that start at this endpoint. */
    public static List<IndexedEdge> outOf(Lane lane, Endpoint endpoint) {
        return select(lane, endpoint, Edge::producer);
    }

    private static List<IndexedEdge> select(Lane lane, Endpoint endpoint, Function<Edge, Endpoint> end) {
        List<IndexedEdge> selected = new ArrayList<>();
        for (int index = 0; index < lane.edges().size(); index++) {
            if (end.apply(lane.edges().get(index)).equals(endpoint)) {
                selected.add(new IndexedEdge(index, lane.edges().get(index)));
            }
        }
        return List.copyOf(selected);
    }
}
