package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.List;
import java.util.Map;

/** Transposed convolution: its pads are what it computes and leaves out, so that they crop to the shard's region. */
final class TransposedRule implements RegionRule {

    private static final int WEIGHTS = 1;
    private static final int BIAS = 2;

    /** Pads of an axis, and what is added behind the last window. */
    private record Ends(Windows.Pads pads, long padding) {}

    @Override
    public void rewrite(LayerSite site) {
        Ends rows = ends(site, Axis.ROWS);
        Ends columns = ends(site, Axis.COLUMNS);
        NodeProto.Builder node = site.rewired();
        Attributes.set(node, "output_padding", List.of(rows.padding(), columns.padding()));
        Windows.setPads(node, rows.pads(), columns.pads());
        if (site.isDivided(Axis.CHANNELS)) {
            node.setInput(WEIGHTS, site.shard().part(site.node().getInput(WEIGHTS), filters(site)));
        }
        ChannelWeights.cut(site, node, BIAS, 0);
        ChannelWeights.setGroups(site, node);
        site.emit(node);
    }

    /** By dimension: the first counts channels of the input, the second those of the output in each group. */
    private static Map<Integer, Interval> filters(LayerSite site) {
        Interval wanted = site.range(Axis.CHANNELS);
        AxisGeometry channels = site.layer().along(Axis.CHANNELS);
        if (channels instanceof Dense) {
            return Map.of(1, wanted);
        }
        Interval read = site.needed(site.data(), Axis.CHANNELS);
        if (channels instanceof Groups groups && wanted.length() < groups.written()) {
            int first = groups.groups(wanted).from() * groups.written();
            if (wanted.to() <= first + groups.written()) {
                return Map.of(0, read, 1, new Interval(wanted.from() - first, wanted.to() - first));
            }
        }
        return Map.of(0, read);
    }

    private static Ends ends(LayerSite site, Axis axis) {
        if (!site.isDivided(axis)) {
            return declared(site, axis);
        }
        if (!(site.layer().along(axis) instanceof TransposedWindow window)) {
            throw site.refusal("is no transposed window along " + axis.words() + ": "
                    + site.layer().along(axis));
        }
        Interval in = site.needed(site.data(), axis);
        Interval out = site.range(axis);
        long first = (long) in.from() * window.stride() - window.padBegin();
        long last = (long) (in.to() - 1) * window.stride() - window.padBegin() + window.span();
        if (out.from() < first) {
            throw site.refusal("has " + axis.words() + " without input between its windows");
        }
        return new Ends(
                new Windows.Pads(out.from() - first, Math.max(0, last - out.to())), Math.max(0, out.to() - last));
    }

    private static Ends declared(LayerSite site, Axis axis) {
        int index = Windows.index(axis);
        return new Ends(
                new Windows.Pads(
                        site.attributes().integer("pads", index, 0),
                        site.attributes().integer("pads", index + 2, 0)),
                site.attributes().integer("output_padding", index, 0));
    }
}
