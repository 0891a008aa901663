package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Collections;
import java.util.List;

/** Attributes of two-dimensional sliding windows: kernel, stride, dilation and pads, by axis (0 rows, 1 columns). */
final class Windows {

    static final int ROWS = 0;
    static final int COLUMNS = 1;

    private static final int AXES = 2;
    private static final String AUTO_PAD = "auto_pad";
    private static final String PADS = "pads";

    private Windows() {}

    /** Pads before and after an axis. */
    record Pads(long begin, long end) {}

    static boolean isPaddedToSame(LayerSite site) {
        return Attributes.string(site.node(), AUTO_PAD, "NOTSET").startsWith("SAME");
    }

    /** Explicit pads of an axis, for a window that gathers (convolution, pooling). */
    static Pads gathering(LayerSite site, int axis) {
        String auto = Attributes.string(site.node(), AUTO_PAD, "NOTSET");
        if (auto.equals("NOTSET")) {
            return declared(site, axis);
        }
        if (auto.equals("VALID")) {
            return new Pads(0, 0);
        }
        int in = site.data().shape().get(AXES + axis);
        int out = site.output().shape().get(AXES + axis);
        long total = Math.max(0, (out - 1) * stride(site, axis) + span(site, axis) - in);
        return auto.equals("SAME_UPPER")
                ? new Pads(total / 2, total - total / 2)
                : new Pads(total - total / 2, total / 2);
    }

    static Pads declared(LayerSite site, int axis) {
        List<Long> pads = Attributes.integers(site.node(), PADS, Collections.nCopies(2 * AXES, 0L));
        return new Pads(pads.get(axis), pads.get(AXES + axis));
    }

    static long stride(LayerSite site, int axis) {
        return Attributes.integers(site.node(), "strides", List.of(1L, 1L)).get(axis);
    }

    /** Extent of the dilated kernel. */
    static long span(LayerSite site, int axis) {
        long dilation =
                Attributes.integers(site.node(), "dilations", List.of(1L, 1L)).get(axis);
        return (kernel(site, axis) - 1) * dilation + 1;
    }

    private static long kernel(LayerSite site, int axis) {
        List<Long> kernel = Attributes.integers(site.node(), "kernel_shape", List.of());
        if (!kernel.isEmpty()) {
            return kernel.get(axis);
        }
        return weightDimensions(site).get(AXES + axis);
    }

    private static List<Long> weightDimensions(LayerSite site) {
        int weight = site.layer().operator().equals("QLinearConv") ? 3 : 1;
        return site.dimensions(site.node().getInput(weight))
                .filter(dimensions -> dimensions.size() == 2 + AXES)
                .orElseThrow(() -> site.refusal("has a kernel whose size cannot be told"));
    }

    /** Replaces the pads, however they were given before. */
    static void setPads(NodeProto.Builder node, Pads rows, Pads columns) {
        Attributes.remove(node, AUTO_PAD);
        Attributes.set(node, PADS, List.of(rows.begin, columns.begin, rows.end, columns.end));
    }
}
