package dev.tandem.inference.codec;

import dev.tandem.core.region.RegionView;
import java.util.List;

/**
 * How the elements of a frame fall into groups that have one range each: channels (axis 1) of the piece, or as many channels
 * together as have 16 elements, so that ranges take less than values. A tensor of rank 1 is one channel. Frames do not heed
 * channels: one that lies in two frames has a range in each.
 *
 * @param groupElements of the piece, in row-major order
 * @param first element of the piece that is in the frame
 * @param elements in the frame
 */
record ChannelGroups(int groupElements, long first, int elements) {

    static final int LEAST_ELEMENTS = 16;

    /** Of a frame of a piece of 32-bit floats. */
    static ChannelGroups of(RegionView piece, long offset, int bytes) {
        return new ChannelGroups(groupElements(piece), offset / Float.BYTES, bytes / Float.BYTES);
    }

    private static int groupElements(RegionView piece) {
        List<Integer> shape = piece.viewed().of(piece.tensor()).shape();
        int channel = shape.stream().skip(shape.size() < 2 ? 0 : 2).reduce(1, Math::multiplyExact);
        int channels = -Math.floorDiv(-LEAST_ELEMENTS, Math.max(1, channel));
        return Math.max(1, channel) * Math.max(1, channels);
    }

    /** Where the group of the frame's element {@code start} ends in the frame. */
    int end(int start) {
        long left = groupElements - (first + start) % groupElements;
        return (int) Math.min(elements, start + left);
    }

    int count() {
        if (elements == 0) {
            return 0;
        }
        return (int) ((first + elements - 1) / groupElements - first / groupElements) + 1;
    }
}
