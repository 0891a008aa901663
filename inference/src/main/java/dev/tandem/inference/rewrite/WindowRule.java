package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;

/** Sliding windows: a shard keeps of the pads what its own windows reach into. */
final class WindowRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        setPads(site, node);
        site.emit(node);
    }

    /** Pads stay as they are declared where the shard has all rows and columns: what the runtime makes of them is then the same. */
    static void setPads(LayerSite site, NodeProto.Builder node) {
        if (Windows.areDivided(site)) {
            Windows.setPads(node, pads(site, Axis.ROWS), pads(site, Axis.COLUMNS));
        }
    }

    /** What the shard's windows reach beyond what there is; along an axis that is not divided, what is declared. */
    static Windows.Pads pads(LayerSite site, Axis axis) {
        if (!site.isDivided(axis)) {
            return Windows.gathering(site, axis);
        }
        if (!(site.layer().along(axis) instanceof Window window)) {
            throw site.refusal("slides no window along " + axis.words() + ": "
                    + site.layer().along(axis));
        }
        Interval in = site.needed(site.data(), axis);
        Interval out = site.range(axis);
        long from = (long) out.from() * window.stride() - window.padBegin();
        long to = (long) (out.to() - 1) * window.stride() - window.padBegin() + window.span();
        return new Windows.Pads(in.from() - from, to - in.to());
    }
}
