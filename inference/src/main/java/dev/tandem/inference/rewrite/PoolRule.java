package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.Axis;

/**
 * Pooling.
 *
 * <p>ceil_mode stays as it is, because it counts for the other axis too. Where it adds a last row of windows, the shard that has
 * them keeps the pads of the whole model, so that the runtime rounds up there as it does in the whole: only then it
 * divides an average by the same number, whatever its rule for windows beyond the pads is. Elsewhere the rows divide
 * evenly and rounding up changes nothing.
 */
final class PoolRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        if (Windows.isPaddedToSame(site)) {
            // Such pads leave nothing to round up, but shape inference would do so.
            Attributes.remove(node, "ceil_mode");
        }
        if (Windows.areDivided(site)) {
            Windows.setPads(node, pads(site, Axis.ROWS), pads(site, Axis.COLUMNS));
        }
        site.emit(node);
    }

    private static Windows.Pads pads(LayerSite site, Axis axis) {
        Windows.Pads reached = WindowRule.pads(site, axis);
        boolean roundsUp = site.attributes().integer("ceil_mode", 0) != 0;
        if (!site.isDivided(axis) || !roundsUp || Windows.isPaddedToSame(site)) {
            return reached;
        }
        long declared = Windows.gathering(site, axis).end();
        return new Windows.Pads(reached.begin(), Math.min(reached.end(), declared));
    }
}
