package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/**
 * Convolution: windows keep of the pads what they reach into, and of the filters those of the shard's channels are left.
 *
 * @param perChannel inputs that have one entry for each output channel in their first dimension
 */
record ConvolutionRule(List<Integer> perChannel) implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        WindowRule.setPads(site, node);
        perChannel.forEach(input -> ChannelWeights.cut(site, node, input, 0));
        ChannelWeights.setGroups(site, node);
        site.emit(node);
    }
}
