package dev.tandem.core.cost;

/** Seconds of whole segments on one core group, as {@link CostModel} has them. Immutable. */
public final class SegmentTimes {

    private final SegmentSeconds seconds;
    private final double slowness;
    private final double secondsPerCall;

    /** @param slowness how much longer the core group takes than the one that was measured */
    SegmentTimes(SegmentSeconds seconds, double slowness, double secondsPerCall) {
        this.seconds = seconds;
        this.slowness = slowness;
        this.secondsPerCall = secondsPerCall;
    }

    /** Of the layers {@code [from, to)} alone: no call and no cut. */
    public double layerSeconds(int from, int to) {
        return seconds.layers(from, to) * slowness;
    }

    /** Of one inference of the layers {@code [from, to)}. */
    public double computeSeconds(int from, int to) {
        return secondsPerCall + seconds.seconds(from, to) * slowness;
    }

    /** Of a layer of which a share of the rows is computed. */
    double shareSeconds(int layer, double share) {
        return seconds.layerSeconds(layer, share) * slowness;
    }

    /** What any segment takes beyond its layers and cuts. */
    double callSeconds() {
        return secondsPerCall + seconds.secondsPerCall() * slowness;
    }

    /** Of the cut where a segment begins, when all that crosses there is held. */
    double beginSeconds(int position) {
        return seconds.beginSeconds(position) * slowness;
    }

    /** Likewise where it ends. */
    double endSeconds(int position) {
        return seconds.endSeconds(position) * slowness;
    }
}
