package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.RowGeometry.TransposedWindow;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.graph.NodeAttributes;
import dev.tandem.inference.graph.WindowAxis;
import java.util.List;

/** Transposed convolution: its pads are rows that it computes and leaves out, so that they crop to the shard's rows. */
final class TransposedRule implements RowRule {

    @Override
    public void rewrite(LayerSite site) {
        if (!(site.layer().geometry() instanceof TransposedWindow window)) {
            throw site.refusal(
                    "is no transposed window along rows: " + site.layer().geometry());
        }
        Interval in = site.needed(site.data());
        Interval out = site.rows();
        long first = (long) in.from() * window.stride() - window.padBegin();
        long last = (long) (in.to() - 1) * window.stride() - window.padBegin() + window.span();
        if (out.from() < first) {
            throw site.refusal("has rows without input between its windows");
        }
        NodeProto.Builder node = site.rewired();
        Attributes.set(node, "output_padding", List.of(Math.max(0, out.to() - last), columnPadding(site)));
        Windows.Pads rows = new Windows.Pads(out.from() - first, Math.max(0, last - out.to()));
        Windows.setPads(node, rows, columnPads(site));
        site.emit(node);
    }

    /** Rows or columns that are added behind the last window. */
    private static long columnPadding(LayerSite site) {
        return site.attributes().integer("output_padding", WindowAxis.COLUMNS, 0);
    }

    private static Windows.Pads columnPads(LayerSite site) {
        NodeAttributes attributes = site.attributes();
        return new Windows.Pads(
                attributes.integer("pads", WindowAxis.COLUMNS, 0),
                attributes.integer("pads", WindowAxis.COLUMNS + 2, 0));
    }
}
