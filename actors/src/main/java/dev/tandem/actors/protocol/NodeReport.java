package dev.tandem.actors.protocol;

import dev.tandem.core.topology.Node;
import java.util.List;

/**
 * What a node says about itself.
 *
 * @param node its name, memory and core groups with their measured rates
 * @param version of Tandem that it runs
 * @param tether where its tethers are accepted
 * @param lastEpoch highest epoch that it has hosted, 0 for none
 * @param startedEpochMillis when it started, by its own clock
 * @param isLeaving whether it was asked to leave: it gets no more work, and what it has is moved
 * @param providers of all its core groups
 */
public record NodeReport(
        Node node,
        String version,
        TetherAddress tether,
        long lastEpoch,
        long startedEpochMillis,
        boolean isLeaving,
        List<GroupProvider> providers) {

    public NodeReport {
        providers = List.copyOf(providers);
    }
}
