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
        int queues = keepsShares ? 0 : Double.compare(queue(one), queue(other));
        return queues < 0 || (queues == 0 && progress(one) < progress(other));
    }

    /** How long requests queue, beside those that keep the lane's stages busy. */
    private double queue(Standing standing) {
        Lane lane = lanes.get(standing.lane());
        return Math.max(0, standing.underWay() - (lane.stages().size() - 1)) / lane.weight();
    }

    /** How much of its share a lane would have had with one request more. */
    private double progress(Standing standing) {
        return (standing.taken() + 1) / lanes.get(standing.lane()).weight();
    }
}
