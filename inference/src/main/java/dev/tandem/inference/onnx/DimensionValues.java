package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TensorShapeProto.DimensionOrBuilder;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Values for the dynamic dimensions of a model's inputs. A dimension is known by the name that the model gives it, or by
 * its place, as in {@code image[2]}, where it has none. The first dimension of an input is the batch and 1 unless given.
 */
public record DimensionValues(Map<String, Integer> values) {

    /** Batch 1, and no value for any other dimension. */
    public static final DimensionValues DEFAULTS = new DimensionValues(Map.of());

    public DimensionValues {
        values = Map.copyOf(values);
    }

    /**
     * Parses flags of the form {@code NAME=VALUE}.
     *
     * @throws ModelRefusedException for another form or a value that is not a positive whole number
     */
    public static DimensionValues of(List<String> flags) {
        Map<String, Integer> values = new TreeMap<>();
        for (String flag : flags) {
            int equals = flag.lastIndexOf('=');
            String value = flag.substring(equals + 1).strip();
            if (equals < 1 || !value.matches("[1-9][0-9]{0,8}")) {
                throw new ModelRefusedException("dimension '" + flag
                        + "' must be NAME=VALUE with a positive whole number. Maybe batch=1 or image[2]=224.");
            }
            values.put(flag.substring(0, equals).strip(), Integer.valueOf(value));
        }
        return new DimensionValues(values);
    }

    /** Gives every dynamic dimension of the graph's inputs its value, in place. */
    void bind(GraphProto.Builder graph) {
        requireDynamic(graph);
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            TypeProto.Tensor.Builder tensor = input.getTypeBuilder().getTensorTypeBuilder();
            if (!tensor.hasShape()) {
                throw new ModelRefusedException("input '" + input.getName()
                        + "' has no shape, expected a fixed number of dimensions. Maybe export the model with one.");
            }
            for (int axis = 0; axis < tensor.getShape().getDimCount(); axis++) {
                bind(tensor.getShapeBuilder().getDimBuilder(axis), input.getName(), axis);
            }
        }
    }

    /** A value that nothing takes is a misspelt name: the model would be folded for other shapes than asked for. */
    private void requireDynamic(GraphProto.Builder graph) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> places = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            List<Dimension> dimensions =
                    input.getType().getTensorType().getShape().getDimList();
            for (int axis = 0; axis < dimensions.size(); axis++) {
                if (isDynamic(dimensions.get(axis))) {
                    names.add(name(dimensions.get(axis), input.getName(), axis));
                    places.add(place(input.getName(), axis));
                }
            }
        }
        for (String given : new TreeSet<>(values.keySet())) {
            if (!names.contains(given) && !places.contains(given)) {
                throw new ModelRefusedException(
                        "dimension '" + given + "' must be a dynamic one of the model's inputs: "
                                + (names.isEmpty() ? "they have none." : String.join(", ", names) + ".")
                                + " Maybe it is misspelt, or fixed in the model.");
            }
        }
    }

    private static boolean isDynamic(DimensionOrBuilder dimension) {
        return !dimension.hasDimValue() || dimension.getDimValue() <= 0;
    }

    private static String name(DimensionOrBuilder dimension, String input, int axis) {
        return dimension.getDimParam().isEmpty() ? place(input, axis) : dimension.getDimParam();
    }

    private static String place(String input, int axis) {
        return input + "[" + axis + "]";
    }

    private void bind(Dimension.Builder dimension, String input, int axis) {
        if (!isDynamic(dimension)) {
            return;
        }
        String place = place(input, axis);
        String name = name(dimension, input, axis);
        Integer value = values.getOrDefault(name, values.get(place));
        if (value == null && axis > 0) {
            throw new ModelRefusedException("dimension '" + name + "' of input '" + input + "' (axis " + axis
                    + ") is dynamic and has no value. Maybe give it one with " + name + "=VALUE.");
        }
        dimension.setDimValue(value == null ? 1 : value);
    }
}
