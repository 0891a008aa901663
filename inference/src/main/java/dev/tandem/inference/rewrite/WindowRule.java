package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.RowGeometry.Window;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.graph.WindowAxis;

/** Convolution and pooling: a shard keeps of the pads what its own windows reach into. */
final class WindowRule implements RowRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        Windows.setPads(node, rowPads(site), Windows.gathering(site, WindowAxis.COLUMNS));
        site.emit(node);
    }

    /** Rows that the shard's windows reach beyond the rows that there are. */
    static Windows.Pads rowPads(LayerSite site) {
        if (!(site.layer().geometry() instanceof Window window)) {
            throw site.refusal("slides no window along rows: " + site.layer().geometry());
        }
        Interval in = site.needed(site.data());
        long from = (long) site.rows().from() * window.stride() - window.padBegin();
        long to = (long) (site.rows().to() - 1) * window.stride() - window.padBegin() + window.span();
        return new Windows.Pads(in.from() - from, to - in.to());
    }
}
