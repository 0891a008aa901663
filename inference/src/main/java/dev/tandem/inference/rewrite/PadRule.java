package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Padding;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Constant padding: each shard pads what lies in its region. */
final class PadRule implements RegionRule {

    private static final int RANK = 4;
    private static final int PADS = 1;
    private static final int AXES = 3;

    @Override
    public void rewrite(LayerSite site) {
        List<Long> pads = pads(site);
        site.ranges().keySet().forEach(axis -> setPads(site, axis, pads));
        site.emit(withPads(site, pads));
    }

    private static void setPads(LayerSite site, Axis axis, List<Long> pads) {
        int dimension = axis.dimension();
        long begin = pads.get(dimension);
        if (site.layer().along(axis) instanceof Padding padding && padding.begin() != begin) {
            throw site.refusal("pads " + begin + " " + axis.words() + ", but its geometry says " + padding);
        }
        Interval in = site.needed(site.data(), axis);
        pads.set(dimension, in.from() - (site.range(axis).from() - begin));
        pads.set(RANK + dimension, site.range(axis).to() - begin - in.to());
    }

    /** Begins and then ends of all four axes. */
    private static List<Long> pads(LayerSite site) {
        NodeProto node = site.node();
        List<Integer> given = node.getInputCount() > PADS
                ? integers(site, node.getInput(PADS))
                : site.attributes().integers("pads").orElse(List.of());
        List<Integer> axes = node.getInputCount() <= AXES || node.getInput(AXES).isEmpty()
                ? List.of(0, 1, 2, 3)
                : integers(site, node.getInput(AXES));
        List<Long> pads = new ArrayList<>(Collections.nCopies(2 * RANK, 0L));
        for (int index = 0; index < axes.size(); index++) {
            int axis = Math.floorMod(axes.get(index), RANK);
            pads.set(axis, (long) given.get(index));
            pads.set(RANK + axis, (long) given.get(axes.size() + index));
        }
        return pads;
    }

    private static List<Integer> integers(LayerSite site, String constant) {
        return site.source()
                .constants()
                .integers(constant)
                .orElseThrow(() -> site.refusal("is given '" + constant + "', whose values cannot be told"));
    }

    private static NodeProto.Builder withPads(LayerSite site, List<Long> pads) {
        NodeProto.Builder node = site.rewired();
        if (node.getInputCount() <= PADS) {
            Attributes.set(node, "pads", pads);
            return node;
        }
        List<String> inputs = new ArrayList<>(node.getInputList().subList(0, Math.min(AXES, node.getInputCount())));
        inputs.set(PADS, site.shard().constant(List.copyOf(pads)));
        return node.clearInput().addAllInput(inputs);
    }
}
