package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Element-wise operators with several operands: constants that vary along an axis are cut like the activations. */
final class BroadcastRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        for (int index = 0; index < node.getInputCount(); index++) {
            String input = site.node().getInput(index);
            if (site.isConstant(input)) {
                node.setInput(index, cut(site, input));
            }
        }
        site.emit(node);
    }

    /** Shapes are aligned at their last axis. */
    static String cut(LayerSite site, String constant) {
        List<Long> dimensions = site.dimensions(constant)
                .orElseThrow(() -> site.refusal("reads constant '" + constant + "', whose shape cannot be told"));
        Map<Integer, Interval> ranges = new HashMap<>();
        for (Axis axis : site.ranges().keySet()) {
            int dimension = dimensions.size() - (site.output().rank() - axis.dimension());
            if (axis.divisible(site.output()) > 0
                    && dimension >= 0
                    && dimension < dimensions.size()
                    && dimensions.get(dimension) > 1) {
                ranges.put(dimension, site.range(axis));
            }
        }
        return ranges.isEmpty() ? constant : site.shard().part(constant, ranges);
    }
}
