package dev.tandem.core.region;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Where the runs of contiguous bytes of a region lie inside a buffer that holds a larger region of the tensor.
 *
 * <p>Dimensions that lie without a gap inside each other are merged, so rows of an NCHW tensor of any batch are one loop
 * over {@code batch * channels} runs of {@code rows * columns} elements. Immutable; a {@link Cursor} is for one thread.
 */
final class RunLayout {

    private final int start;
    private final int runBytes;
    private final int[] counts;
    private final int[] strides;
    private final long bytes;

    private RunLayout(int start, int runBytes, Deque<Loop> loops) {
        this.start = start;
        this.runBytes = runBytes;
        this.counts = loops.stream().mapToInt(Loop::count).toArray();
        this.strides = loops.stream().mapToInt(Loop::stride).toArray();
        long runs = loops.stream().mapToLong(Loop::count).reduce(1, Math::multiplyExact);
        this.bytes = runs * runBytes;
    }

    /** The layout of the inner ranges in a row-major buffer of the outer ones. */
    static RunLayout of(List<Interval> outer, List<Interval> inner, int elementBytes) {
        Deque<Loop> loops = new ArrayDeque<>();
        Loop innermost = new Loop(1, elementBytes);
        int stride = elementBytes;
        int start = 0;
        for (int dimension = outer.size() - 1; dimension >= 0; dimension--) {
            int count = inner.get(dimension).length();
            start += (inner.get(dimension).from() - outer.get(dimension).from()) * stride;
            if (innermost.spans() == stride) {
                innermost = new Loop(innermost.count * count, innermost.stride);
            } else if (count != 1) {
                loops.push(innermost);
                innermost = new Loop(count, stride);
            }
            stride *= outer.get(dimension).length();
        }
        loops.push(innermost);
        return new RunLayout(start, loops.removeLast().spans(), loops);
    }

    long bytes() {
        return bytes;
    }

    boolean isContiguous() {
        return counts.length == 0 || bytes == 0;
    }

    /** A cursor at a byte of the region, counted in row-major order; the offset may be the region's end. */
    Cursor cursor(long offset) {
        return new Cursor(offset);
    }

    /** {@code count} things, {@code stride} bytes apart. */
    private record Loop(int count, int stride) {

        int spans() {
            return count * stride;
        }
    }

    /** Walks over the runs of a region. */
    final class Cursor {

        private final int[] indices = new int[counts.length];
        private int run;
        private int within;

        private Cursor(long offset) {
            if (bytes == 0) {
                return;
            }
            long runIndex = offset / runBytes;
            within = (int) (offset % runBytes);
            run = start;
            for (int loop = counts.length - 1; loop >= 0; loop--) {
                indices[loop] = (int) (runIndex % counts[loop]);
                runIndex /= counts[loop];
                run += indices[loop] * strides[loop];
            }
        }

        /** Index in the buffer of the byte under the cursor. */
        int position() {
            return run + within;
        }

        /** Bytes from the cursor to the end of its run. */
        int left() {
            return runBytes - within;
        }

        /** Moves on by no more than what is left of the run. */
        void advance(int length) {
            within += length;
            if (within == runBytes) {
                within = 0;
                nextRun();
            }
        }

        private void nextRun() {
            for (int loop = counts.length - 1; loop >= 0; loop--) {
                run += strides[loop];
                if (++indices[loop] < counts[loop]) {
                    return;
                }
                run -= strides[loop] * counts[loop];
                indices[loop] = 0;
            }
        }
    }
}
