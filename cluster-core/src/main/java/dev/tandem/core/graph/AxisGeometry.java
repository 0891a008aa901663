package dev.tandem.core.graph;

import dev.tandem.core.region.Interval;

/**
 * How the positions along one axis of a layer's outputs depend on those of its inputs along the same axis.
 *
 * <p>All implementations are exact: the positions they name are those that the operator reads for real, clamped to the
 * tensor, so that border padding never counts as one.
 */
public sealed interface AxisGeometry {

    /**
     * The input positions that the given output positions read.
     *
     * @param outputs positions of the output, within its extent
     * @param extent of the input, at least 1
     * @return positions of the input, clamped to {@code [0, extent)}; empty where only padding is read
     */
    Interval inputs(Interval outputs, int extent);

    /** Output position p reads position p of every input of the same extent. */
    record Pointwise() implements AxisGeometry {
        @Override
        public Interval inputs(Interval outputs, int extent) {
            return outputs;
        }
    }

    /**
     * A sliding window: convolution and pooling. Output position p reads input positions
     * {@code p*stride - padBegin + i*dilation} for i in {@code [0, kernel)}.
     *
     * @param padBegin positions of padding before the first
     * @param padEnd positions of padding after the last, those that ceil_mode adds included; may be negative where the
     *     last inputs are read by no window
     */
    record Window(int kernel, int stride, int dilation, int padBegin, int padEnd) implements AxisGeometry {
        public Window {
            if (kernel < 1 || stride < 1 || dilation < 1) {
                throw new IllegalArgumentException("kernel " + kernel + ", stride " + stride + " and dilation "
                        + dilation + " must be at least 1");
            }
        }

        /** Extent of the dilated kernel. */
        public int span() {
            return (kernel - 1) * dilation + 1;
        }

        @Override
        public Interval inputs(Interval outputs, int extent) {
            if (outputs.isEmpty()) {
                return Interval.EMPTY;
            }
            int from = outputs.from() * stride - padBegin;
            int to = (outputs.to() - 1) * stride - padBegin + span();
            return Interval.clamped(from, to, extent);
        }
    }

    /**
     * A transposed convolution: input position i adds to output positions {@code i*stride - padBegin + k*dilation} for k in
     * {@code [0, kernel)}.
     */
    record TransposedWindow(int kernel, int stride, int dilation, int padBegin) implements AxisGeometry {
        /** Extent of the dilated kernel. */
        public int span() {
            return (kernel - 1) * dilation + 1;
        }

        @Override
        public Interval inputs(Interval outputs, int extent) {
            if (outputs.isEmpty()) {
                return Interval.EMPTY;
            }
            int from = -Math.floorDiv(-(outputs.from() + padBegin - span() + 1), stride);
            int to = Math.floorDiv(outputs.to() - 1 + padBegin, stride) + 1;
            return Interval.clamped(from, to, extent);
        }
    }

    /** Nearest-neighbour enlargement by a whole factor: output position p reads input position p / factor, rounded down. */
    record Enlarge(int factor) implements AxisGeometry {
        public Enlarge {
            if (factor < 1) {
                throw new IllegalArgumentException("factor " + factor + " must be at least 1");
            }
        }

        @Override
        public Interval inputs(Interval outputs, int extent) {
            if (outputs.isEmpty()) {
                return Interval.EMPTY;
            }
            return Interval.clamped(outputs.from() / factor, (outputs.to() - 1) / factor + 1, extent);
        }
    }

    /** Constant padding: output position p reads input position {@code p - begin}; negative values crop. */
    record Padding(int begin, int end) implements AxisGeometry {
        @Override
        public Interval inputs(Interval outputs, int extent) {
            return Interval.clamped(outputs.from() - begin, outputs.to() - begin, extent);
        }
    }

    /** Every output position reads all of the input, with weights of its own: channels of a convolution, a dense layer. */
    record Dense() implements AxisGeometry {
        @Override
        public Interval inputs(Interval outputs, int extent) {
            return new Interval(0, extent);
        }
    }

    /** All outputs are computed together from all inputs: a segment with such a layer is not divisible along the axis. */
    record Whole(String reason) implements AxisGeometry {
        @Override
        public Interval inputs(Interval outputs, int extent) {
            return new Interval(0, extent);
        }
    }
}
