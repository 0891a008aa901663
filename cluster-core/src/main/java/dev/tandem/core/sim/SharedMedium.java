package dev.tandem.core.sim;

import java.util.Set;

/**
 * One channel for all, such as the air of a Wi-Fi: whatever one of these nodes sends or receives keeps the whole channel
 * busy for as long as its link.
 */
public record SharedMedium(String name, Set<String> nodes) {

    public SharedMedium {
        nodes = Set.copyOf(nodes);
    }
}
