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
        if (countsPadding
                && window instanceof Window rows
                && rows.padEnd() > axis(layer, WindowAxis.ROWS, rows.kernel()).padEnd()) {
            return whole("AveragePool counts its padding but not what ceil_mode adds to it");
        }
        return window;
    }

    /** Where windows leave two rows or columns out, the runtime centres those of pools that pad automatically. */
    private static boolean padsByLessThanNothing(LayerShapes layer, int axis) {
        if (!layer.attributes().text("auto_pad", "NOTSET").startsWith("SAME")) {
            return false;
        }
        int kernel = layer.attributes().integer("kernel_shape", axis, 1);
        int windows = layer.output().orElseThrow().shape().get(RowGeometries.ROW_AXIS + axis);
        return axis(layer, axis, kernel).covered(windows) < extent(layer, axis) - 1;
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
        WindowAxis axis = axis(layer, WindowAxis.ROWS, kernel);
        int padEnd = axis.covered(layer.outputRows()) - layer.inputRows() - axis.padBegin();
        int slack = axis.padEnd() - padEnd;
        // A window more or less than declared would mean that the attributes were misread: better refuse than compute.
        return slack > -axis.stride() && slack < axis.stride()
                ? new Window(kernel, axis.stride(), axis.dilation(), axis.padBegin(), padEnd)
                : whole(layer.operator() + " has " + layer.outputRows()
                        + " output rows, which its attributes do not explain");
    }

    private static WindowAxis axis(LayerShapes layer, int axis, int kernel) {
        return WindowAxis.of(layer.attributes(), axis, kernel, extent(layer, axis));
    }

    private static int extent(LayerShapes layer, int axis) {
        return layer.activation(0).orElseThrow().shape().get(RowGeometries.ROW_AXIS + axis);
    }
}
