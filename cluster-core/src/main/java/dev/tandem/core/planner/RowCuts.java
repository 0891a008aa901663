package dev.tandem.core.planner;

import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Outputs of any height cut by the same shares, each height once. Used by one thread. */
public final class RowCuts {

    private final List<Double> shares;
    private final Map<Integer, List<Interval>> parts = new HashMap<>();

    /** @param shares as {@link Divisibility#cut} takes them */
    public RowCuts(List<Double> shares) {
        this.shares = List.copyOf(shares);
    }

    public List<Double> shares() {
        return shares;
    }

    /** Rows of each share, at least one. */
    public List<Interval> of(int rows) {
        return parts.computeIfAbsent(rows, height -> Divisibility.cut(height, shares));
    }
}
