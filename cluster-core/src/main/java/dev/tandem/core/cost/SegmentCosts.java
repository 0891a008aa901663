package dev.tandem.core.cost;

/**
 * What parts of a model cost on a core group beyond the times of their layers, as measured from sampled segments.
 *
 * @param secondsPerCall fixed time of one call into the runtime
 * @param secondsPerCutByte of each byte that crosses a cut between two kernels, on either side of it: copies and changes
 *     of layout
 * @param secondsPerFusedCutByte the same where the cut parts layers that one kernel computes in the whole model
 * @param secondsPerNarrowLayer what a layer takes longer than its share of the rows when it computes only some of them
 */
public record SegmentCosts(
        double secondsPerCall, double secondsPerCutByte, double secondsPerFusedCutByte, double secondsPerNarrowLayer) {

    /** Parts that cost what their layers cost. */
    public static final SegmentCosts NONE = new SegmentCosts(0, 0, 0, 0);

    public SegmentCosts {
        require("secondsPerCall", secondsPerCall);
        require("secondsPerCutByte", secondsPerCutByte);
        require("secondsPerFusedCutByte", secondsPerFusedCutByte);
        require("secondsPerNarrowLayer", secondsPerNarrowLayer);
    }

    boolean cutsCost() {
        return secondsPerCutByte > 0 || secondsPerFusedCutByte > 0;
    }

    /** With another cost of cuts between kernels. */
    public SegmentCosts withCutByte(double seconds) {
        return new SegmentCosts(secondsPerCall, seconds, secondsPerFusedCutByte, secondsPerNarrowLayer);
    }

    /** With another cost of cuts inside kernels. */
    public SegmentCosts withFusedCutByte(double seconds) {
        return new SegmentCosts(secondsPerCall, secondsPerCutByte, seconds, secondsPerNarrowLayer);
    }

    /** With another cost of layers that compute some of their rows. */
    public SegmentCosts withNarrowLayer(double seconds) {
        return new SegmentCosts(secondsPerCall, secondsPerCutByte, secondsPerFusedCutByte, seconds);
    }

    private static void require(String name, double seconds) {
        if (!(seconds >= 0 && Double.isFinite(seconds))) {
            throw new IllegalArgumentException(
                    name + " (" + seconds + ") must be finite and at least 0. Maybe profile the model again.");
        }
    }
}
