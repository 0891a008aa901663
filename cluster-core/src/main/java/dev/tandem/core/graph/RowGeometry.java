package dev.tandem.core.graph;

import dev.tandem.core.region.Interval;

/**
 * How the rows (H axis) of a layer's outputs depend on the rows of its feature-map inputs.
 *
 * <p>All implementations are exact: the rows they name are those that the operator reads for real, clamped to the
 * tensor, so that border padding never counts as a row.
 */
public sealed interface RowGeometry {

    /**
     * The input rows that the given output rows read.
     *
     * @param outputRows rows of the output, within its height
     * @param inputHeight height of the input, at least 1
     * @return rows of the input, clamped to {@code [0, inputHeight)}; empty where only padding is read
     */
    Interval inputRows(Interval outputRows, int inputHeight);

    /** Element-wise along rows: output row r reads row r of every input of the same height. */
    record Rowwise() implements RowGeometry {
        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            return outputRows;
        }
    }

    /**
     * A sliding window: convolution and pooling. Output row r reads input rows
     * {@code r*stride - padBegin + i*dilation} for i in {@code [0, kernel)}.
     *
     * @param padBegin rows of padding before the first row
     * @param padEnd rows of padding after the last row, those that ceil_mode adds included; may be negative where the
     *     last input rows are read by no window
     */
    record Window(int kernel, int stride, int dilation, int padBegin, int padEnd) implements RowGeometry {
        public Window {
            if (kernel < 1 || stride < 1 || dilation < 1) {
                throw new IllegalArgumentException("kernel " + kernel + ", stride " + stride + " and dilation "
                        + dilation + " must be at least 1");
            }
        }

        /** Extent of the dilated kernel, in rows. */
        public int span() {
            return (kernel - 1) * dilation + 1;
        }

        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            if (outputRows.isEmpty()) {
                return Interval.EMPTY;
            }
            int from = outputRows.from() * stride - padBegin;
            int to = (outputRows.to() - 1) * stride - padBegin + span();
            return Interval.clamped(from, to, inputHeight);
        }
    }

    /**
     * A transposed convolution: input row i adds to output rows {@code i*stride - padBegin + k*dilation} for k in
     * {@code [0, kernel)}.
     */
    record TransposedWindow(int kernel, int stride, int dilation, int padBegin) implements RowGeometry {
        /** Extent of the dilated kernel, in rows. */
        public int span() {
            return (kernel - 1) * dilation + 1;
        }

        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            if (outputRows.isEmpty()) {
                return Interval.EMPTY;
            }
            int from = -Math.floorDiv(-(outputRows.from() + padBegin - span() + 1), stride);
            int to = Math.floorDiv(outputRows.to() - 1 + padBegin, stride) + 1;
            return Interval.clamped(from, to, inputHeight);
        }
    }

    /** Nearest-neighbour enlargement by a whole factor: output row r reads input row r / factor, rounded down. */
    record Enlarge(int factor) implements RowGeometry {
        public Enlarge {
            if (factor < 1) {
                throw new IllegalArgumentException("factor " + factor + " must be at least 1");
            }
        }

        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            if (outputRows.isEmpty()) {
                return Interval.EMPTY;
            }
            return Interval.clamped(outputRows.from() / factor, (outputRows.to() - 1) / factor + 1, inputHeight);
        }
    }

    /** Constant padding: output row r reads input row {@code r - begin}; negative values crop. */
    record Padding(int begin, int end) implements RowGeometry {
        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            return Interval.clamped(outputRows.from() - begin, outputRows.to() - begin, inputHeight);
        }
    }

    /** Every output row reads all rows, or the operator has no rows: a segment with such a layer is not divisible. */
    record WholeRows(String reason) implements RowGeometry {
        @Override
        public Interval inputRows(Interval outputRows, int inputHeight) {
            return new Interval(0, inputHeight);
        }
    }
}
