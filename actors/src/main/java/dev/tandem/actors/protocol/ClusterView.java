package dev.tandem.actors.protocol;

import dev.tandem.core.topology.Link;
import java.util.List;

/**
 * What the supervisor knows of the cluster.
 *
 * @param nodes that have been measured
 * @param links that have been: those between the places of plans that were asked for
 */
public record ClusterView(List<NodeReport> nodes, List<Link> links) implements ControlMessage {

    public ClusterView {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
    }
}
