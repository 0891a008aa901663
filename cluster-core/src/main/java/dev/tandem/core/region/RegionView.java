package dev.tandem.core.region;

import dev.tandem.core.graph.TensorSpec;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of one region of a tensor inside a buffer that holds that region or more of it.
 *
 * <p>The region's row-major bytes are addressed by an offset that starts at 0, although they lie in the buffer in runs
 * with gaps between them. Bytes are copied as they are, without regard to element or byte order.
 *
 * <p>A view owns nothing: whoever owns the buffer keeps it alive, and unchanged while others read it. Copying never
 * moves the buffer's position, so several threads may read one view.
 */
public final class RegionView {

    private final ByteBuffer buffer;
    private final TensorSpec tensor;
    private final Region held;
    private final List<Interval> heldRanges;
    private final Region viewed;
    private final List<Integer> extents;
    private final RunLayout layout;

    /**
     * @param buffer holds the bytes of {@code held}, row-major, from its position on
     * @param tensor the full tensor
     * @param held what of the tensor the buffer holds
     * @param viewed the part of {@code held} that this view is about
     * @throws IllegalArgumentException when {@code viewed} is not in {@code held}, or the buffer is too small for it
     */
    public RegionView(ByteBuffer buffer, TensorSpec tensor, Region held, Region viewed) {
        this(enough(buffer, tensor, held), tensor, held, held.ranges(tensor), viewed);
    }

    private RegionView(ByteBuffer buffer, TensorSpec tensor, Region held, List<Interval> heldRanges, Region viewed) {
        List<Interval> inner = viewed.equals(held) ? heldRanges : viewed.ranges(tensor);
        for (int dimension = 0; dimension < inner.size(); dimension++) {
            if (!heldRanges.get(dimension).contains(inner.get(dimension))) {
                throw new IllegalArgumentException("viewed region (" + viewed + ") of tensor '" + tensor.name()
                        + "' must lie in the held region (" + held + ")");
            }
        }
        this.buffer = buffer;
        this.tensor = tensor;
        this.held = held;
        this.heldRanges = heldRanges;
        this.viewed = viewed;
        this.extents = inner.stream().map(Interval::length).toList();
        this.layout = RunLayout.of(heldRanges, inner, tensor.type().bytes());
    }

    /** What is left of a buffer, if it is large enough. */
    private static ByteBuffer enough(ByteBuffer buffer, TensorSpec tensor, Region held) {
        long needed = held.bytes(tensor);
        if (buffer.remaining() < needed) {
            throw new IllegalArgumentException("buffer of " + buffer.remaining() + " bytes must hold the " + needed
                    + " bytes of region " + held + " of tensor '" + tensor.name() + "'");
        }
        return buffer.slice();
    }

    /** A view of all that a buffer holds. */
    public static RegionView whole(ByteBuffer buffer, TensorSpec tensor, Region held) {
        return new RegionView(buffer, tensor, held, held);
    }

    /**
     * Copies a region's bytes into the place of another; the regions may lie elsewhere in their tensors.
     *
     * @throws IllegalArgumentException when element type or extents differ
     */
    public static void copy(RegionView from, RegionView to) {
        from.copyTo(0, to, from.bytes());
    }

    /** The buffer, from the first byte of the held region on. Its position and limit are not to be relied upon. */
    public ByteBuffer buffer() {
        return buffer;
    }

    public TensorSpec tensor() {
        return tensor;
    }

    public Region held() {
        return held;
    }

    public Region viewed() {
        return viewed;
    }

    /** The same buffer seen through another region of it. */
    public RegionView view(Region other) {
        return other.equals(viewed) ? this : new RegionView(buffer, tensor, held, heldRanges, other);
    }

    /** Bytes of the viewed region. */
    public long bytes() {
        return layout.bytes();
    }

    /** Whether the viewed region lies in the buffer without gaps. */
    public boolean isContiguous() {
        return layout.isContiguous();
    }

    /**
     * Whether this view's bytes mean the same as the other's: same element type and extents along every dimension.
     */
    public boolean matches(RegionView other) {
        return tensor.type() == other.tensor.type() && extents.equals(other.extents);
    }

    /**
     * Copies bytes {@code [offset, offset + length)} of the region to the target's position, which advances.
     *
     * @throws BufferOverflowException when the target has less room
     */
    public void copyTo(long offset, ByteBuffer target, int length) {
        checkRange(offset, length);
        if (target.remaining() < length) {
            throw new BufferOverflowException();
        }
        int at = target.position();
        RunLayout.Cursor cursor = layout.cursor(offset);
        for (int left = length; left > 0; ) {
            int run = Math.min(cursor.left(), left);
            target.put(at, buffer, cursor.position(), run);
            cursor.advance(run);
            at += run;
            left -= run;
        }
        target.position(at);
    }

    /** Copies what the source has left to the region's bytes from {@code offset} on; the source's position advances. */
    public void copyFrom(long offset, ByteBuffer source) {
        checkRange(offset, source.remaining());
        int at = source.position();
        RunLayout.Cursor cursor = layout.cursor(offset);
        while (at < source.limit()) {
            int run = Math.min(cursor.left(), source.limit() - at);
            buffer.put(cursor.position(), source, at, run);
            cursor.advance(run);
            at += run;
        }
        source.position(at);
    }

    /**
     * Copies bytes {@code [offset, offset + length)} of this region to the same place of another buffer's region.
     *
     * @throws IllegalArgumentException when element type or extents differ
     */
    public void copyTo(long offset, RegionView to, long length) {
        if (!matches(to)) {
            throw new IllegalArgumentException(this + " must have the element type and extents of " + to);
        }
        checkRange(offset, length);
        RunLayout.Cursor source = layout.cursor(offset);
        RunLayout.Cursor target = to.layout.cursor(offset);
        for (long left = length; left > 0; ) {
            int run = (int) Math.min(Math.min(source.left(), target.left()), left);
            to.buffer.put(target.position(), buffer, source.position(), run);
            source.advance(run);
            target.advance(run);
            left -= run;
        }
    }

    private void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes() - length) {
            throw new IndexOutOfBoundsException("bytes [" + offset + ", " + (offset + length) + ") must lie within the "
                    + bytes() + " bytes of " + this);
        }
    }

    @Override
    public String toString() {
        return "region " + viewed + " of tensor '" + tensor.name() + "' " + tensor.type() + tensor.shape();
    }
}
