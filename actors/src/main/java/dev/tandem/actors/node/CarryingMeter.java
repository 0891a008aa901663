package dev.tandem.actors.node;

import dev.tandem.actors.transport.FrameTraffic;
import dev.tandem.core.topology.Carrying;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What carrying really takes on this node, from what its frames took: the processor time of intervals in which many were
 * carried, beyond that of an idle member, over what the preset says of as many frames and bytes, coding included. The median of such ratios
 * scales the preset; until there are some the preset stands. What a gateway does for a request is not told apart from what
 * its frames take, so it is in the ratio as well. Used by one thread.
 */
final class CarryingMeter {

    private static final int LEAST_INTERVALS = 3;
    private static final int MOST_INTERVALS = 15;
    /** Of preset's carrying in an interval: less is lost in what a member does anyway. */
    private static final double LEAST_SECONDS = 0.02;

    private final Carrying preset;
    private final Deque<Double> ratios = new ArrayDeque<>();
    private Sample last;
    /** Of the idlest interval so far: a young member has more to do than carrying. */
    private double idleShare = 1;

    /**
     * What has been up to a time.
     *
     * @param nanos of any clock
     * @param carrierNanos processor time beside models
     */
    record Sample(long nanos, long carrierNanos, FrameTraffic traffic) {}

    CarryingMeter(Carrying preset, Sample first) {
        this.preset = preset;
        this.last = first;
    }

    /** To be told every now and then. */
    void add(Sample sample) {
        double seconds = (sample.nanos() - last.nanos()) / 1e9;
        double carried = (sample.carrierNanos() - last.carrierNanos()) / 1e9;
        FrameTraffic traffic = sample.traffic().since(last.traffic());
        double expected = preset.seconds(traffic.frames(), (double) traffic.bytes()) + traffic.codingSeconds();
        last = sample;
        if (expected >= LEAST_SECONDS) {
            double idle = idleShare < 1 ? idleShare * seconds : 0;
            add(Math.max(0, carried - idle) / expected);
        } else if (traffic.frames() == 0 && seconds > 0) {
            idleShare = Math.min(idleShare, carried / seconds);
        }
    }

    private void add(double ratio) {
        ratios.add(ratio);
        if (ratios.size() > MOST_INTERVALS) {
            ratios.remove();
        }
    }

    Carrying carrying() {
        if (ratios.size() < LEAST_INTERVALS) {
            return preset;
        }
        double[] sorted =
                ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return preset.times(sorted[sorted.length / 2]);
    }
}
