package dev.tandem.core.planner.baseline;

import dev.tandem.core.topology.CoreGroup;
import java.util.List;

/**
 * A core group's part of a divided stage.
 *
 * @param weight at least 0, relative to the other shares of the stage
 */
record Share(CoreGroup group, double weight) {

    /** The same part for each. */
    static List<Share> even(List<CoreGroup> groups) {
        return groups.stream().map(group -> new Share(group, 1)).toList();
    }

    /** Parts in proportion to rates. */
    static List<Share> byRate(List<CoreGroup> groups) {
        return groups.stream()
                .map(group -> new Share(group, group.multiplyAddsPerSecond()))
                .toList();
    }
}
