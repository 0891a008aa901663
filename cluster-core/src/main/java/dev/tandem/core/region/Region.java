package dev.tandem.core.region;

import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A part of a tensor: half-open ranges over some of its axes, whole along the others.
 *
 * @param ranges the restricted axes; an axis that is not named is whole. No range is empty
 */
public record Region(Map<Axis, Interval> ranges) {

    public static final Region WHOLE = new Region(Map.of());

    public Region {
        for (Interval range : ranges.values()) {
            if (range.isEmpty()) {
                throw new IllegalArgumentException("region " + ranges + " must not be empty along an axis");
            }
        }
        ranges = ranges.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(ranges));
    }

    public static Region rows(int from, int to) {
        return rows(new Interval(from, to));
    }

    public static Region rows(Interval rows) {
        return new Region(Map.of(Axis.ROWS, rows));
    }

    public boolean isWhole() {
        return ranges.isEmpty();
    }

    /** The range along an axis of the given extent. */
    public Interval range(Axis axis, int extent) {
        return ranges.getOrDefault(axis, new Interval(0, extent));
    }

    /**
     * The range along each dimension of the tensor.
     *
     * @throws IllegalArgumentException when a restricted axis is not one of the tensor's, or reaches beyond it
     */
    public List<Interval> ranges(TensorSpec tensor) {
        List<Interval> all = new ArrayList<>();
        for (int dimension = 0; dimension < tensor.rank(); dimension++) {
            Interval whole = new Interval(0, tensor.shape().get(dimension));
            Interval range = Axis.of(dimension).map(ranges::get).orElse(whole);
            if (!whole.contains(range)) {
                throw new IllegalArgumentException(this + " reaches beyond tensor " + tensor);
            }
            all.add(range);
        }
        if (ranges.keySet().stream().anyMatch(axis -> axis.dimension() >= tensor.rank())) {
            throw new IllegalArgumentException(this + " names an axis that tensor " + tensor + " lacks");
        }
        return List.copyOf(all);
    }

    /** The tensor that holds just this region. */
    public TensorSpec of(TensorSpec tensor) {
        return tensor.withShape(ranges(tensor).stream().map(Interval::length).toList());
    }

    /**
     * Elements of this region of the tensor.
     *
     * @throws IllegalArgumentException as {@link #ranges(TensorSpec)} does
     */
    public long elements(TensorSpec tensor) {
        long elements = tensor.elements();
        for (Map.Entry<Axis, Interval> range : ranges.entrySet()) {
            int dimension = range.getKey().dimension();
            if (dimension >= tensor.rank()
                    || range.getValue().to() > tensor.shape().get(dimension)) {
                return of(tensor).elements();
            }
            elements =
                    elements / tensor.shape().get(dimension) * range.getValue().length();
        }
        return elements;
    }

    /** Bytes of this region of the tensor. */
    public long bytes(TensorSpec tensor) {
        return elements(tensor) * tensor.type().bytes();
    }

    /** Whether both regions of one tensor have anything in common. */
    public boolean overlaps(Region other) {
        for (Map.Entry<Axis, Interval> range : ranges.entrySet()) {
            Interval others = other.ranges.get(range.getKey());
            if (others != null && range.getValue().intersect(others).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether this region of the tensor is all of it, whichever axes it names. */
    public boolean covers(TensorSpec tensor) {
        return of(tensor).shape().equals(tensor.shape());
    }

    /** What both regions of one tensor have in common, if anything. */
    public Optional<Region> intersect(Region other) {
        if (other.ranges.isEmpty() || equals(other)) {
            return Optional.of(this);
        }
        if (ranges.isEmpty() || !overlaps(other)) {
            return ranges.isEmpty() ? Optional.of(other) : Optional.empty();
        }
        Map<Axis, Interval> common = new EnumMap<>(Axis.class);
        common.putAll(ranges);
        for (Map.Entry<Axis, Interval> range : other.ranges.entrySet()) {
            common.merge(range.getKey(), range.getValue(), Interval::intersect);
        }
        return Optional.of(new Region(common));
    }

    @Override
    public String toString() {
        return isWhole()
                ? "whole"
                : ranges.entrySet().stream()
                        .map(range -> range.getKey().name().toLowerCase(java.util.Locale.ROOT) + range.getValue())
                        .collect(Collectors.joining(" "));
    }
}
