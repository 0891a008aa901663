package dev.tandem.actors.protocol;

import java.util.List;

/** The nodes that the supervisor knows and that have been measured. */
public record ClusterView(List<NodeReport> nodes) implements ControlMessage {

    public ClusterView {
        nodes = List.copyOf(nodes);
    }
}
