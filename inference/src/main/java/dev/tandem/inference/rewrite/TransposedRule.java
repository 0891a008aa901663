package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.RowGeometry.TransposedWindow;
import dev.tandem.core.region.Interval;
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
        Windows.Pads columns = columnPads(site);
        NodeProto.Builder node = site.rewired();
        Attributes.remove(node, "output_shape");
        Attributes.set(node, "output_padding", List.of(Math.max(0, out.to() - last), columnPadding(site)));
        Windows.setPads(node, new Windows.Pads(out.from() - first, Math.max(0, last - out.to())), columns);
        site.emit(node);
    }

    /** Rows or columns that are added behind the last window. */
    private static long columnPadding(LayerSite site) {
        return Attributes.integers(site.node(), "output_padding", List.of(0L, 0L))
                .get(Windows.COLUMNS);
    }

    private static Windows.Pads columnPads(LayerSite site) {
        boolean shaped = Attributes.find(site.node(), "output_shape").isPresent();
        if (!shaped && !Windows.isPaddedAutomatically(site)) {
            return Windows.declared(site, Windows.COLUMNS);
        }
        requireEven(site, total(site, Windows.ROWS));
        long total = total(site, Windows.COLUMNS);
        requireEven(site, total);
        return new Windows.Pads(total / 2, total / 2);
    }

    /** Pads that make the output as long as it is. */
    private static long total(LayerSite site, int axis) {
        int in = site.data().shape().get(2 + axis);
        int out = site.output().shape().get(2 + axis);
        long padding = Attributes.integers(site.node(), "output_padding", List.of(0L, 0L))
                .get(axis);
        return (in - 1) * Windows.stride(site, axis) + Windows.span(site, axis) + padding - out;
    }

    /** Which side gets the odd one differs between versions of the operator. */
    private static void requireEven(LayerSite site, long total) {
        if (total < 0 || total % 2 != 0) {
            throw site.refusal("has pads (" + total + " in all) that follow from its output's shape and are not even");
        }
    }
}
