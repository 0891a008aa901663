package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;

/** Normalisation with constants for each channel: those of the shard's channels are left. */
final class NormalizationRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        for (int input = 1; input < node.getInputCount(); input++) {
            ChannelWeights.cut(site, node, input, 0);
        }
        site.emit(node);
    }
}
