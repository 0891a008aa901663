package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.Axis;
import dev.tandem.inference.graph.WindowAxis;
import java.util.List;

/** Pads of two-dimensional sliding windows, read and replaced. */
final class Windows {

    private static final int FIRST_AXIS = Axis.ROWS.dimension();
    private static final String AUTO_PAD = "auto_pad";

    private Windows() {}

    /** Pads before and after an axis. */
    record Pads(long begin, long end) {}

    static boolean isPaddedToSame(LayerSite site) {
        return site.attributes().text(AUTO_PAD, "NOTSET").startsWith("SAME");
    }

    /** Whether the shard has only part of the rows or of the columns. */
    static boolean areDivided(LayerSite site) {
        return site.isDivided(Axis.ROWS) || site.isDivided(Axis.COLUMNS);
    }

    /** Explicit pads of an axis, for a window that gathers (convolution, pooling). */
    static Pads gathering(LayerSite site, Axis axis) {
        int extent = site.data().shape().get(axis.dimension());
        WindowAxis window = WindowAxis.of(site.attributes(), index(axis), kernel(site, axis), extent);
        return new Pads(window.padBegin(), window.padEnd());
    }

    private static int kernel(LayerSite site, Axis axis) {
        return site.attributes()
                .integers("kernel_shape")
                .map(kernel -> kernel.get(index(axis)))
                .orElseGet(() -> weightExtent(site, axis.dimension()));
    }

    /** Of an axis in the attributes of windows. */
    static int index(Axis axis) {
        return axis.dimension() - FIRST_AXIS;
    }

    private static int weightExtent(LayerSite site, int axis) {
        int weight = site.layer().operator().equals("QLinearConv") ? 3 : 1;
        return site.dimensions(site.node().getInput(weight))
                .map(dimensions -> Math.toIntExact(dimensions.get(axis)))
                .orElseThrow(() -> site.refusal("has a kernel whose size cannot be told"));
    }

    /** Replaces the pads, however they were given before. */
    static void setPads(NodeProto.Builder node, Pads rows, Pads columns) {
        Attributes.remove(node, AUTO_PAD);
        Attributes.set(node, "pads", List.of(rows.begin, columns.begin, rows.end, columns.end));
    }
}
