package dev.tandem.inference.zoo;

import java.util.List;

/** A tensor in a graph under construction: its name, its shape, and what its elements are expected to be like. */
record Value(String tensor, List<Long> shape, Moments moments) {

    Value {
        shape = List.copyOf(shape);
    }

    int channels() {
        return Math.toIntExact(shape.get(1));
    }

    int height() {
        return Math.toIntExact(shape.get(2));
    }

    int width() {
        return Math.toIntExact(shape.get(3));
    }

    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    Value withTensor(String newTensor) {
        return new Value(newTensor, shape, moments);
    }

    Value withShape(List<Long> newShape) {
        return new Value(tensor, newShape, moments);
    }

    Value withMoments(Moments newMoments) {
        return new Value(tensor, shape, newMoments);
    }
}
