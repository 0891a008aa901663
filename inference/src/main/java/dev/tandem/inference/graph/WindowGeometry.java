package dev.tandem.inference.graph;

import static dev.tandem.inference.graph.RowGeometries.whole;

import dev.tandem.core.graph.RowGeometry;
import dev.tandem.core.graph.RowGeometry.TransposedWindow;
import dev.tandem.core.graph.RowGeometry.Window;
import java.util.List;
import java.util.Optional;

/**
 * Convolution and pooling along rows. The padding after the last row follows from the heights that the runtime really
 * computes, so that ceil_mode and auto_pad need no formula of their own at the far end.
 */
final class WindowGeometry {

    private static final List<String> AXES = List.of("rows", "columns");

    private WindowGeometry() {}

    static RowGeometry ofConvolution(LayerShapes layer) {
        int weight = layer.operator().equals("QLinearConv") ? 3 : 1;
        for (int input = 1; input < layer.inputCount(); input++) {
            if (layer.isActivation(input)) {
                return whole(layer.operator() + " computes its weights at run time");
            }
        }
        Optional<Integer> kernel = kernel(layer)
                .or(() -> layer.shape(weight).map(shape -> Math.toIntExact(shape.get(RowGeometries.ROW_AXIS))));
        return kernel.map(rows -> window(layer, rows))
                .orElseGet(() -> whole(layer.operator() + " has a kernel of unknown height"));
    }

    static RowGeometry ofPool(LayerShapes layer) {
        if (layer.outputs().size() > 1) {
            return whole(layer.operator() + " also writes indices, which count over all rows");
        }
        for (int axis = 0; axis < AXES.size(); axis++) {
            if (padsByLessThanNothing(layer, axis)) {
                return whole(
                        layer.operator() + " pads automatically although its windows leave " + AXES.get(axis) + " out");
            }
        }
        RowGeometry window = window(layer, kernel(layer).orElse(1));
        boolean countsPadding =
                layer.operator().equals("AveragePool") && layer.attributes().integer("count_include_pad", 0) != 0;
        // Rows that ceil_mode adds are left out of the average, while those of explicit padding count: a shard that
        // pads
        // explicitly could not tell them apart.
        if (countsPadding && window instanceof Window rows && rows.padEnd() > declaredPadEnd(layer, rows)) {
            return whole("AveragePool counts its padding but not what ceil_mode adds to it");
        }
        return window;
    }

    /** Where windows leave two rows or columns out, the runtime centres those of pools that pad automatically. */
    private static boolean padsByLessThanNothing(LayerShapes layer, int axis) {
        if (!layer.attributes().text("auto_pad", "NOTSET").startsWith("SAME")) {
            return false;
        }
        int extent = RowGeometries.ROW_AXIS + axis;
        int in = layer.activation(0).orElseThrow().shape().get(extent);
        int windows = layer.output().orElseThrow().shape().get(extent);
        int span = (layer.attributes().integer("kernel_shape", axis, 1) - 1)
                        * layer.attributes().integer("dilations", axis, 1)
                + 1;
        return (windows - 1) * layer.attributes().integer("strides", axis, 1) + span < in - 1;
    }

    /** Input row i reaches output rows i * stride - padBegin + k * dilation. */
    static RowGeometry ofTransposed(LayerShapes layer) {
        if (layer.isActivation(1) || layer.isActivation(2)) {
            return whole("ConvTranspose computes its weights at run time");
        }
        String automatic = layer.attributes().text("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") || layer.attributes().has("output_shape")) {
            return whole("ConvTranspose derives its padding (auto_pad " + automatic + ") from the output's shape");
        }
        Optional<Integer> kernel =
                kernel(layer).or(() -> layer.shape(1).map(shape -> Math.toIntExact(shape.get(RowGeometries.ROW_AXIS))));
        return kernel.<RowGeometry>map(rows -> new TransposedWindow(
                        rows,
                        layer.attributes().integer("strides", 0, 1),
                        layer.attributes().integer("dilations", 0, 1),
                        layer.attributes().integer("pads", 0, 0)))
                .orElseGet(() -> whole("ConvTranspose has a kernel of unknown height"));
    }

    private static Optional<Integer> kernel(LayerShapes layer) {
        return layer.attributes().integers("kernel_shape").map(kernel -> kernel.get(0));
    }

    private static RowGeometry window(LayerShapes layer, int kernel) {
        int stride = layer.attributes().integer("strides", 0, 1);
        int dilation = layer.attributes().integer("dilations", 0, 1);
        int span = (kernel - 1) * dilation + 1;
        int padBegin = padBegin(layer, span, stride);
        int covered = (layer.outputRows() - 1) * stride + span;
        Window window = new Window(kernel, stride, dilation, padBegin, covered - layer.inputRows() - padBegin);
        int slack = declaredPadEnd(layer, window) - window.padEnd();
        // A window more or less than declared would mean that the attributes were misread: better refuse than compute.
        return slack > -stride && slack < stride
                ? window
                : whole(layer.operator() + " has " + layer.outputRows()
                        + " output rows, which its attributes do not explain");
    }

    /** Padding before the first row; ONNX's auto_pad puts the odd row last for SAME_UPPER, first for SAME_LOWER. */
    private static int padBegin(LayerShapes layer, int span, int stride) {
        int total = automaticPadding(layer, span, stride);
        return switch (layer.attributes().text("auto_pad", "NOTSET")) {
            case "SAME_UPPER" -> total / 2;
            case "SAME_LOWER" -> total - total / 2;
            case "VALID" -> 0;
            default -> layer.attributes().integer("pads", 0, 0);
        };
    }

    private static int declaredPadEnd(LayerShapes layer, Window window) {
        int total = automaticPadding(layer, window.span(), window.stride());
        return switch (layer.attributes().text("auto_pad", "NOTSET")) {
            case "SAME_UPPER" -> total - total / 2;
            case "SAME_LOWER" -> total / 2;
            case "VALID" -> 0;
            default -> layer.attributes().integer("pads", 2, 0);
        };
    }

    /** ONNX: output rows are ceil(rows / stride), and padding is what the windows then lack. */
    private static int automaticPadding(LayerShapes layer, int span, int stride) {
        int rows = layer.inputRows();
        return Math.max(0, ((rows + stride - 1) / stride - 1) * stride + span - rows);
    }
}
