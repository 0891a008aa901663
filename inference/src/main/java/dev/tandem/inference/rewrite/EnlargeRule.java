package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Enlarge;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Enlargement by whole factors: whole rows and columns of the input are enlarged, and what is more than the shard's is cut
 * off.
 */
final class EnlargeRule implements RegionRule {

    private static final int SIZES = 3;

    @Override
    public void rewrite(LayerSite site) {
        Map<Axis, Interval> computed = new EnumMap<>(Axis.class);
        for (Axis axis : site.ranges().keySet()) {
            int factor = factor(site, axis);
            Interval in = site.needed(site.data(), axis);
            computed.put(axis, new Interval(in.from() * factor, in.to() * factor));
        }
        NodeProto.Builder node = site.rewired();
        if (node.getInputCount() > SIZES && !node.getInput(SIZES).isEmpty()) {
            setSizes(site, node, computed);
        }
        site.emit(node, computed);
    }

    private static int factor(LayerSite site, Axis axis) {
        if (site.layer().along(axis) instanceof Enlarge enlarge) {
            return enlarge.factor();
        }
        if (site.layer().along(axis) instanceof Pointwise) {
            return 1;
        }
        throw site.refusal("does not enlarge " + axis.words() + " by a whole factor: "
                + site.layer().along(axis));
    }

    private static void setSizes(LayerSite site, NodeProto.Builder node, Map<Axis, Interval> computed) {
        List<Long> sizes = new ArrayList<>();
        for (int dimension = 0; dimension < site.output().rank(); dimension++) {
            int all = site.output().shape().get(dimension);
            sizes.add((long)
                    Axis.of(dimension).map(computed::get).map(Interval::length).orElse(all));
        }
        node.setInput(SIZES, site.shard().constant(List.copyOf(sizes)));
        Attributes.remove(node, "axes");
        Attributes.remove(node, "keep_aspect_ratio_policy");
    }
}
