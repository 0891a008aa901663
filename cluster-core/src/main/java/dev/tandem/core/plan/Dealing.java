package dev.tandem.core.plan;

import java.util.List;

/**
 * To which of a plan's lanes the next request goes: to the one that would have it done first, taking weights for rates, and
 * among equals to the one furthest behind its share. So a slow lane is spared while faster ones are free, and gets requests
 * before long queues build up elsewhere. Lanes of several variants keep to their shares, which make the accuracy that was asked
 * for. Immutable.
 */
public final class Dealing {

    private final List<Lane> lanes;
    private final boolean keepsShares;

    /**
     * How far a lane is that has a weight.
     *
     * @param lane its index
     * @param underWay requests that it has been dealt and not returned
     * @param taken requests that it has been dealt
     */
    public record Standing(int lane, long underWay, long taken) {}

    /** @param lanes of a plan; those that stand by have no say */
    public Dealing(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
        this.keepsShares = lanes.stream()
                        .filter(lane -> !lane.isStandby())
                        .map(Lane::variant)
                        .distinct()
                        .count()
                > 1;
    }

    /** Whether a request should rather go to the one lane than to the other. */
    public boolean isBefore(Standing one, Standing other) {
        int ends = keepsShares ? 0 : Double.compare(end(one), end(other));
        return ends < 0 || (ends == 0 && progress(one) < progress(other));
    }

    /** When one request more would be done: after those before it, and after it has passed each stage. */
    private double end(Standing standing) {
        Lane lane = lanes.get(standing.lane());
        return Math.max(standing.underWay() + 1, lane.stages().size()) / lane.weight();
    }

    /** How much of its share a lane would have had with one request more. */
    private double progress(Standing standing) {
        return (standing.taken() + 1) / lanes.get(standing.lane()).weight();
    }
}
