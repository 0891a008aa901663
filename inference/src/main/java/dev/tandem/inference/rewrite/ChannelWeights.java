package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.region.Axis;
import java.util.List;
import java.util.Map;

/** Weights of which a shard of some output channels reads some: one filter, one bias or one scale for each channel. */
final class ChannelWeights {

    private static final String GROUP = "group";

    private ChannelWeights() {}

    /**
     * Cuts a constant input to the channels that are computed, where there is one and the layer is divided along channels.
     *
     * @param dimension of the constant that counts output channels; an input of a single value counts for all channels
     */
    static void cut(LayerSite site, NodeProto.Builder node, int input, int dimension) {
        if (!site.isDivided(Axis.CHANNELS)
                || input >= node.getInputCount()
                || node.getInput(input).isEmpty()) {
            return;
        }
        String constant = site.node().getInput(input);
        List<Long> shape = site.dimensions(constant)
                .orElseThrow(() -> site.refusal("has weights '" + constant + "' of unknown shape"));
        boolean isSingle = shape.stream().allMatch(extent -> extent == 1);
        if (!isSingle || (dimension < shape.size() && site.output().shape().get(1) == 1)) {
            node.setInput(input, site.shard().part(constant, Map.of(dimension, site.computedChannels())));
        }
    }

    /** Says how many groups of channels are left of a convolution that has several and is divided along channels. */
    static void setGroups(LayerSite site, NodeProto.Builder node) {
        if (!site.isDivided(Axis.CHANNELS)) {
            return;
        }
        if (site.layer().along(Axis.CHANNELS) instanceof Groups groups) {
            Attributes.set(node, GROUP, groups.groups(site.range(Axis.CHANNELS)).length());
        } else if (site.layer().along(Axis.CHANNELS) instanceof Pointwise) {
            Attributes.set(node, GROUP, site.range(Axis.CHANNELS).length());
        }
    }
}
