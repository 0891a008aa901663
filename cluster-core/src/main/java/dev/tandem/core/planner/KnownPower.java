package dev.tandem.core.planner;

import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Optional;

/** Whether energy can be planned for. */
final class KnownPower {

    private KnownPower() {}

    /** Why not, with the names of the nodes whose power is not known. */
    static Optional<String> refusal(String subject, Topology topology) {
        List<String> unknown = topology.nodesWithoutPower();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(subject + " needs the power of every node, but that of " + String.join(", ", unknown)
                        + " is not known. Maybe say what their core groups draw idle and busy.");
    }
}
