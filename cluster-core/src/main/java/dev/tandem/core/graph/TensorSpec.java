package dev.tandem.core.graph;

import java.util.List;

/**
 * Name, element type and fixed shape of a tensor.
 *
 * <p>The shape is in the model's own axis order; for the four-dimensional feature maps that can be divided it is
 * batch, channels, rows, columns. An empty shape is a scalar.
 */
public record TensorSpec(String name, ElementType type, List<Integer> shape) {

    public TensorSpec {
        shape = List.copyOf(shape);
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("shape " + shape + " of tensor '" + name
                        + "' must be fixed and not negative. Maybe give the dynamic dimension a value.");
            }
        }
    }

    public int rank() {
        return shape.size();
    }

    public long elements() {
        long elements = 1;
        for (int axis = 0; axis < shape.size(); axis++) {
            elements = Math.multiplyExact(elements, (long) shape.get(axis));
        }
        return elements;
    }

    public long bytes() {
        return elements() * type.bytes();
    }

    /** Whether the tensor is a feature map: batch, channels, rows, columns. */
    public boolean isFeatureMap() {
        return rank() == 4;
    }

    /** Rows of a feature map, the extent of its third axis. */
    public int rows() {
        if (!isFeatureMap()) {
            throw new IllegalArgumentException("tensor '" + name + "' of shape " + shape + " has no rows");
        }
        return shape.get(2);
    }

    /** The same tensor with another shape. */
    public TensorSpec withShape(List<Integer> other) {
        return new TensorSpec(name, type, other);
    }
}
