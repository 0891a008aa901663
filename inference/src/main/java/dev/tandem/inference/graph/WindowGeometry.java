package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.SpatialGeometries.whole;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Convolution and pooling along rows or columns. The padding after the last one follows from the extents that the runtime really
 * computes, so that ceil_mode and auto_pad need no formula of their own at the far end.
 */
final class WindowGeometry {

    private static final int FIRST_AXIS = Axis.ROWS.dimension();
    private static final List<Axis> AXES = List.of(Axis.ROWS, Axis.COLUMNS);

    private WindowGeometry() {}

    static AxisGeometry ofConvolution(LayerShapes layer, Axis axis) {
        int weight = layer.operator().equals("QLinearConv") ? 3 : 1;
        for (int input = 1; input < layer.inputCount(); input++) {
            if (layer.isActivation(input)) {
                return whole(layer.operator() + " computes its weights at run time");
            }
        }
        return automaticCrop(layer, any -> kernel(layer, any, weight).orElse(1))
                .or(() -> kernel(layer, axis, weight).map(size -> window(layer, axis, size)))
                .orElseGet(() -> whole(layer.operator() + " has a kernel of unknown size"));
    }

    static AxisGeometry ofPool(LayerShapes layer, Axis axis) {
        if (layer.outputs().size() > 1) {
            return whole(layer.operator() + " also writes indices, which count over all " + axis.words());
        }
        Optional<AxisGeometry> cropped =
                automaticCrop(layer, any -> kernel(layer, any).orElse(1));
        if (cropped.isPresent()) {
            return cropped.get();
        }
        AxisGeometry window = window(layer, axis, kernel(layer, axis).orElse(1));
        boolean countsPadding =
                layer.operator().equals("AveragePool") && layer.attributes().integer("count_include_pad", 0) != 0;
        // What ceil_mode adds is left out of the average, while explicit padding counts: a shard that pads explicitly
        // could not tell them apart.
        if (countsPadding
                && window instanceof Window sliding
                && sliding.padEnd() > declared(layer, axis, sliding.kernel()).padEnd()) {
            return whole("AveragePool counts its padding but not what ceil_mode adds to it");
        }
        return window;
    }

    /**
     * Where windows leave two rows or columns out, the runtime centres those that pad automatically, as if the padding were less
     * than nothing: no shard can say so.
     */
    private static Optional<AxisGeometry> automaticCrop(LayerShapes layer, ToIntFunction<Axis> kernel) {
        if (!layer.attributes().text("auto_pad", "NOTSET").startsWith("SAME")) {
            return Optional.empty();
        }
        return AXES.stream()
                .filter(axis -> leavesOut(layer, axis, kernel.applyAsInt(axis)))
                .findFirst()
                .map(axis -> whole(
                        layer.operator() + " pads automatically although its windows leave " + axis.words() + " out"));
    }

    private static boolean leavesOut(LayerShapes layer, Axis axis, int kernel) {
        int windows = layer.output().orElseThrow().shape().get(axis.dimension());
        return declared(layer, axis, kernel).covered(windows) < extent(layer, axis) - 1;
    }

    /** Input row i reaches output rows i * stride - padBegin + k * dilation. */
    static AxisGeometry ofTransposed(LayerShapes layer, Axis axis) {
        if (layer.isActivation(1) || layer.isActivation(2)) {
            return whole("ConvTranspose computes its weights at run time");
        }
        String automatic = layer.attributes().text("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") || layer.attributes().has("output_shape")) {
            return whole("ConvTranspose derives its padding (auto_pad " + automatic + ") from the output's shape");
        }
        return kernel(layer, axis, 1)
                .<AxisGeometry>map(size -> new TransposedWindow(
                        size,
                        layer.attributes().integer("strides", index(axis), 1),
                        layer.attributes().integer("dilations", index(axis), 1),
                        layer.attributes().integer("pads", index(axis), 0)))
                .orElseGet(() -> whole("ConvTranspose has a kernel of unknown size"));
    }

    private static Optional<Integer> kernel(LayerShapes layer, Axis axis) {
        return layer.attributes().integers("kernel_shape").map(kernel -> kernel.get(index(axis)));
    }

    /** Where no attribute has it, the extent of the weights, which are that input. */
    private static Optional<Integer> kernel(LayerShapes layer, Axis axis, int weight) {
        return kernel(layer, axis)
                .or(() -> layer.shape(weight).map(shape -> Math.toIntExact(shape.get(axis.dimension()))));
    }

    private static AxisGeometry window(LayerShapes layer, Axis axis, int kernel) {
        WindowAxis declared = declared(layer, axis, kernel);
        int written = layer.output().orElseThrow().shape().get(axis.dimension());
        int padEnd = declared.covered(written) - extent(layer, axis) - declared.padBegin();
        int slack = declared.padEnd() - padEnd;
        // A window more or less than declared would mean that the attributes were misread: better refuse than compute.
        return slack > -declared.stride() && slack < declared.stride()
                ? new Window(kernel, declared.stride(), declared.dilation(), declared.padBegin(), padEnd)
                : whole(layer.operator() + " has " + written + " output " + axis.words()
                        + ", which its attributes do not explain");
    }

    private static WindowAxis declared(LayerShapes layer, Axis axis, int kernel) {
        return WindowAxis.of(layer.attributes(), index(axis), kernel, extent(layer, axis));
    }

    private static int extent(LayerShapes layer, Axis axis) {
        return layer.activation(0).orElseThrow().shape().get(axis.dimension());
    }

    /** Of an axis in the attributes of windows. */
    private static int index(Axis axis) {
        return axis.dimension() - FIRST_AXIS;
    }
}
