package dev.tandem.core.graph;

import dev.tandem.core.region.Interval;
import java.util.List;

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

    /**
     * {@link #inputs(Interval, int)} of one operand, where operands differ.
     *
     * @param operand which of {@link Layer#inputs()}, and one that is {@linkplain #reads read}
     */
    default Interval inputs(int operand, Interval outputs, int extent) {
        return inputs(outputs, extent);
    }

    /** Whether the given output positions depend on an operand at all. Where they do not, it need not be there. */
    default boolean reads(int operand, Interval outputs) {
        return true;
    }

    /** The output positions that are computed where some are wanted: more, where the operator cannot do with fewer. */
    default Interval computed(Interval wanted) {
        return wanted;
    }

    /**
     * Where positions of an output lie among those that the layer computes: in another place where outputs are parts of it.
     *
     * @param result which of {@link Layer#outputs()}
     */
    default Interval placed(int result, Interval outputs) {
        return outputs;
    }

    /** The positions of an output that lie among some of those that the layer computes; the converse of {@link #placed}. */
    default Interval written(int result, Interval computed) {
        return computed;
    }

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

    /**
     * Groups of channels: every position of an output's group reads all of the same group of the input, with weights of its
     * own.
     *
     * @param count of groups, at least 2
     * @param read positions of the input in each
     * @param written positions of the output in each
     */
    record Groups(int count, int read, int written) implements AxisGeometry {
        public Groups {
            if (count < 2 || read < 1 || written < 1) {
                throw new IllegalArgumentException("count " + count + " of groups must be at least 2, and read " + read
                        + " and written " + written + " at least 1");
            }
        }

        /** The groups to which some positions of the output belong. */
        public Interval groups(Interval outputs) {
            return outputs.isEmpty()
                    ? Interval.EMPTY
                    : new Interval(outputs.from() / written, (outputs.to() - 1) / written + 1);
        }

        @Override
        public Interval inputs(Interval outputs, int extent) {
            Interval groups = groups(outputs);
            return Interval.clamped(groups.from() * read, groups.to() * read, extent);
        }

        /** An operator has as many outputs in each of its groups: of one alone it computes any, of several all. */
        @Override
        public Interval computed(Interval wanted) {
            Interval groups = groups(wanted);
            return groups.length() < 2 ? wanted : new Interval(groups.from() * written, groups.to() * written);
        }
    }

    /**
     * Operands one behind the other along the axis: an output position reads one position of one of them.
     *
     * @param pieces in order and without gaps, from position 0 on
     */
    record Join(List<Piece> pieces) implements AxisGeometry {

        /**
         * What an operand fills, with all of its positions.
         *
         * @param operand which of {@link Layer#inputs()}; one may come several times
         * @param outputs not empty
         */
        public record Piece(int operand, Interval outputs) {

            /** The operand's positions of which some positions of the output are; empty where none is. */
            public Interval inputs(Interval wanted) {
                Interval common = outputs.intersect(wanted);
                return common.isEmpty()
                        ? Interval.EMPTY
                        : new Interval(common.from() - outputs.from(), common.to() - outputs.from());
            }
        }

        public Join {
            pieces = List.copyOf(pieces);
            Split.requireConsecutive(pieces.stream().map(Piece::outputs).toList());
        }

        /** Of an operand that is not told: all. */
        @Override
        public Interval inputs(Interval outputs, int extent) {
            return new Interval(0, extent);
        }

        @Override
        public Interval inputs(int operand, Interval outputs, int extent) {
            return pieces.stream()
                    .filter(piece -> piece.operand == operand)
                    .map(piece -> piece.inputs(outputs))
                    .reduce(Interval.EMPTY, Interval::hull);
        }

        @Override
        public boolean reads(int operand, Interval outputs) {
            return pieces.stream()
                    .anyMatch(piece ->
                            piece.operand == operand && !piece.inputs(outputs).isEmpty());
        }
    }

    /**
     * The converse of {@link Join}: the positions of the one input that is divided go to several outputs, to each those of a
     * piece. The layer computes positions of the input.
     *
     * @param pieces one for each of {@link Layer#outputs()}, in order and without gaps, from position 0 on
     */
    record Split(List<Interval> pieces) implements AxisGeometry {
        public Split {
            pieces = List.copyOf(pieces);
            requireConsecutive(pieces);
        }

        private static void requireConsecutive(List<Interval> pieces) {
            int next = 0;
            for (Interval piece : pieces) {
                if (piece.from() != next || piece.isEmpty()) {
                    throw new IllegalArgumentException("pieces " + pieces + " must follow each other from 0 on");
                }
                next = piece.to();
            }
        }

        @Override
        public Interval inputs(Interval outputs, int extent) {
            return outputs;
        }

        /** Of the input. */
        public int extent() {
            return pieces.isEmpty() ? 0 : pieces.get(pieces.size() - 1).to();
        }

        @Override
        public Interval placed(int result, Interval outputs) {
            int begin = pieces.get(result).from();
            return outputs.isEmpty() ? Interval.EMPTY : new Interval(begin + outputs.from(), begin + outputs.to());
        }

        @Override
        public Interval written(int result, Interval computed) {
            Interval piece = pieces.get(result);
            Interval common = piece.intersect(computed);
            return common.isEmpty()
                    ? Interval.EMPTY
                    : new Interval(common.from() - piece.from(), common.to() - piece.from());
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
