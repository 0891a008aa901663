package dev.tandem.actors.transport;

/**
 * Where a piece belongs: an edge of a lane of the plan with this epoch.
 *
 * @param lane index into the plan's lanes
 * @param edge index into the lane's edges
 */
public record Route(long epoch, int lane, int edge) {

    public Route {
        if (lane < 0 || edge < 0) {
            throw new IllegalArgumentException("lane (" + lane + ") and edge (" + edge + ") must not be negative");
        }
    }

    @Override
    public String toString() {
        return "epoch " + epoch + " lane " + lane + " edge " + edge;
    }
}
