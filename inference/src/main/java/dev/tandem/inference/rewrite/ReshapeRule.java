package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
import java.util.List;

/** Reshape: the shape is that of the shard's part of the output. */
final class ReshapeRule implements RegionRule {

    private static final int SHAPE = 1;

    @Override
    public void rewrite(LayerSite site) {
        List<Long> shape = new ArrayList<>();
        for (int dimension = 0; dimension < site.output().rank(); dimension++) {
            int all = site.output().shape().get(dimension);
            shape.add((long) Axis.of(dimension)
                    .filter(axis -> axis.divisible(site.output()) > 0)
                    .map(site.ranges()::get)
                    .map(Interval::length)
                    .orElse(all));
        }
        NodeProto.Builder node = site.rewired();
        if (node.getInputCount() > SHAPE) {
            node.setInput(SHAPE, site.shard().constant(List.copyOf(shape)));
        } else {
            Attributes.set(node, "shape", shape);
        }
        site.emit(node);
    }
}
