package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.region.Axis;

/** Matrix products: of a constant matrix the columns of the shard's output channels are left, and of a bias its entries. */
final class MatrixRule implements RegionRule {

    private static final int MATRIX = 1;
    private static final int BIAS = 2;

    @Override
    public void rewrite(LayerSite site) {
        NodeProto.Builder node = site.rewired();
        if (site.isDivided(Axis.CHANNELS) && site.layer().along(Axis.CHANNELS) instanceof Dense) {
            boolean isTransposed = site.attributes().integer("transB", 0) != 0;
            ChannelWeights.cut(site, node, MATRIX, isTransposed ? 0 : 1);
        }
        if (node.getInputCount() > BIAS && site.isConstant(node.getInput(BIAS))) {
            node.setInput(BIAS, BroadcastRule.cut(site, node.getInput(BIAS)));
        }
        site.emit(node);
    }
}
