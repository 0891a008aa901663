package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Concat: of each operand what lies in the shard's region, and nothing at all of those of which none does. */
final class JoinRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.node().toBuilder().clearInput().clearOutput();
        for (int place = 0; place < site.node().getInputCount(); place++) {
            String operand = site.node().getInput(place);
            region(site, place).ifPresent(region -> node.addInput(site.shard().region(operand, region)));
        }
        site.emit(node);
    }

    /** What is joined at a place: one tensor may be at several. */
    private static Optional<Region> region(LayerSite site, int place) {
        TensorSpec operand = site.graph().tensor(site.node().getInput(place));
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        for (Axis axis : site.axes()) {
            Interval range = range(site, place, operand, axis);
            if (range.isEmpty()) {
                return Optional.empty();
            }
            if (axis.divisible(operand) > 0) {
                ranges.put(axis, range);
            }
        }
        return Optional.of(new Region(ranges));
    }

    private static Interval range(LayerSite site, int place, TensorSpec operand, Axis axis) {
        int extent = operand.rank() > axis.dimension() ? operand.shape().get(axis.dimension()) : 1;
        if (!site.isDivided(axis)) {
            return new Interval(0, extent);
        }
        return site.layer().along(axis) instanceof Join join
                ? join.pieces().get(place).inputs(site.range(axis))
                : site.needed(operand, axis);
    }
}
