package dev.tandem.core.plan;

import java.util.List;

/**
 * To which of a plan's lanes the next request goes: to the one whose queue is soonest done if weights are rates, and among equals
 * to the one furthest behind its share. So no lane waits while requests queue before another one, however uneven single requests
 * are. Lanes of several variants keep to their shares, which make the accuracy that was asked for. Immutable.
 */
public final class Dealing {

    private final List<Lane> lanes;
    private final boolean keepsShares;

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

    /**
     * How long the requests of a lane queue, beside those that keep its stages busy; relative to other lanes. The one with the least
     * of this is next.
     *
     * @param underWay requests that the lane has been dealt and not returned
     */
    public double queue(int lane, long underWay) {
        Lane of = lanes.get(lane);
        return keepsShares ? 0 : Math.max(0, underWay - (of.stages().size() - 1)) / of.weight();
    }

    /**
     * How far a lane would be with one request more, relative to other lanes. Among lanes of equal queues the one with the least of
     * this is next.
     *
     * @param taken requests that the lane has been dealt
     */
    public double progress(int lane, long taken) {
        return (taken + 1) / lanes.get(lane).weight();
    }
}
