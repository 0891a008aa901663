package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.ReceptiveField;
import java.util.List;

/** Element-wise operators with several operands: constants that vary along rows are cut like the activations. */
final class BroadcastRule implements RowRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        for (int index = 0; index < node.getInputCount(); index++) {
            String input = site.node().getInput(index);
            if (site.isConstant(input) && ReceptiveField.isDivisible(site.output())) {
                node.setInput(index, cut(site, input));
            }
        }
        site.emit(node);
    }

    /** Shapes are aligned at their last axis, so that rows are the last but one. */
    private static String cut(LayerSite site, String constant) {
        List<Long> dimensions = site.dimensions(constant)
                .orElseThrow(() -> site.refusal("reads constant '" + constant + "', whose shape cannot be told"));
        int axis = dimensions.size() - 2;
        if (axis < 0 || dimensions.get(axis) == 1) {
            return constant;
        }
        String name = constant + "::for " + site.layer().name() + site.rows();
        site.shard().slice(constant, axis, site.rows().from(), site.rows().to(), name);
        return name;
    }
}
