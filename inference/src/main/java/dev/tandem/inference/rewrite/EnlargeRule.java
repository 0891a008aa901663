package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.RowGeometry.Enlarge;
import dev.tandem.core.graph.RowGeometry.Rowwise;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Interval;
import java.util.List;

/**
 * Enlargement by a whole factor along rows: whole input rows are enlarged, and what is more than the shard's rows is cut
 * off.
 */
final class EnlargeRule implements RowRule {

    private static final int SIZES = 3;

    @Override
    public void rewrite(LayerSite site) {
        int factor = factor(site);
        Interval in = site.needed(site.data());
        Interval computed = new Interval(in.from() * factor, in.to() * factor);
        NodeProto.Builder node = site.rewired();
        if (node.getInputCount() > SIZES && !node.getInput(SIZES).isEmpty()) {
            setSizes(site, node, computed);
        }
        site.emit(node, computed);
    }

    private static int factor(LayerSite site) {
        if (site.layer().geometry() instanceof Enlarge enlarge) {
            return enlarge.factor();
        }
        if (site.layer().geometry() instanceof Rowwise) {
            return 1;
        }
        throw site.refusal(
                "does not enlarge rows by a whole factor: " + site.layer().geometry());
    }

    private static void setSizes(LayerSite site, NodeProto.Builder node, Interval computed) {
        TensorSpec output = site.output();
        node.setInput(
                SIZES,
                site.shard()
                        .constant(List.of(
                                (long) output.shape().get(0),
                                (long) output.shape().get(1),
                                (long) computed.length(),
                                (long) output.shape().get(3))));
        Attributes.remove(node, "axes");
        Attributes.remove(node, "keep_aspect_ratio_policy");
    }
}
