package dev.tandem.core.region;

import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Copies a region between two buffers that hold different regions of one tensor, element for element.
 *
 * <p>Uses absolute positions only, so that the buffers' own positions and limits stay as they are.
 */
public final class RegionCopy {

    private RegionCopy() {}

    /**
     * Copies {@code piece} in as few runs of bytes as the layouts allow.
     *
     * @param tensor the whole tensor, of which the regions are parts
     * @param piece what is copied; inside both other regions
     * @param held what {@code source} holds, from its index 0
     * @param wanted what {@code target} holds, from its index 0
     * @throws IllegalArgumentException when the piece reaches beyond one of the other regions
     */
    public static void copy(
            TensorSpec tensor, Region piece, Region held, ByteBuffer source, Region wanted, ByteBuffer target) {
        List<Interval> extent = piece.ranges(tensor);
        Layout from = Layout.of(tensor, held, extent);
        Layout to = Layout.of(tensor, wanted, extent);
        int contiguous = Math.max(from.contiguousFrom(extent), to.contiguousFrom(extent));
        copy(new Copy(tensor.type().bytes(), extent, from, to, source, target, contiguous), 0, 0, 0);
    }

    private static void copy(Copy job, int axis, long sourceOffset, long targetOffset) {
        if (axis >= job.contiguous) {
            int from = Math.toIntExact(sourceOffset + job.from.rest(job.extent, axis));
            int to = Math.toIntExact(targetOffset + job.to.rest(job.extent, axis));
            job.target.put(to, job.source, from, job.runBytes(axis));
            return;
        }
        Interval range = job.extent.get(axis);
        for (int index = range.from(); index < range.to(); index++) {
            copy(job, axis + 1, sourceOffset + job.from.offset(axis, index), targetOffset + job.to.offset(axis, index));
        }
    }

    /** Where the elements of a region lie in a buffer that holds just it. */
    private record Layout(List<Interval> ranges, List<Long> strides) {

        static Layout of(TensorSpec tensor, Region region, List<Interval> piece) {
            List<Interval> ranges = region.ranges(tensor);
            Long[] strides = new Long[ranges.size()];
            long stride = tensor.type().bytes();
            for (int axis = ranges.size() - 1; axis >= 0; axis--) {
                if (!ranges.get(axis).contains(piece.get(axis))) {
                    throw new IllegalArgumentException("piece " + piece + " of tensor '" + tensor.name()
                            + "' must lie inside the region (" + region + ") that the buffer holds.");
                }
                strides[axis] = stride;
                stride *= ranges.get(axis).length();
            }
            return new Layout(ranges, List.of(strides));
        }

        long offset(int axis, int index) {
            return (index - ranges.get(axis).from()) * strides.get(axis);
        }

        /** The first axis from which on the piece is one run of bytes. */
        int contiguousFrom(List<Interval> piece) {
            int axis = piece.size();
            while (axis > 0 && piece.get(axis - 1).equals(ranges.get(axis - 1))) {
                axis--;
            }
            return Math.max(0, axis - 1);
        }

        long rest(List<Interval> piece, int axis) {
            long offset = 0;
            for (int inner = axis; inner < piece.size(); inner++) {
                offset += offset(inner, piece.get(inner).from());
            }
            return offset;
        }
    }

    private record Copy(
            int elementBytes,
            List<Interval> extent,
            Layout from,
            Layout to,
            ByteBuffer source,
            ByteBuffer target,
            int contiguous) {

        int runBytes(int axis) {
            long bytes = elementBytes;
            for (int inner = axis; inner < extent.size(); inner++) {
                bytes *= extent.get(inner).length();
            }
            return Math.toIntExact(bytes);
        }
    }
}
