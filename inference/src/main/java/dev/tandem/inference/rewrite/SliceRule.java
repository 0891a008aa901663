package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tandem.core.region.Axis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slice: along the divided axes a shard reads from its first position to its last, and takes steps from the first on. */
final class SliceRule implements RegionRule {

    /** To the end, however long the tensor is. */
    private static final long END = Long.MAX_VALUE;

    @Override
    public void rewrite(LayerSite site) {
        List<Long> starts = argument(site, "starts", 1).orElseThrow();
        List<Long> ends = argument(site, "ends", 2).orElseThrow();
        List<Long> axes = argument(site, "axes", 3).orElseGet(() -> IntStream.range(0, starts.size())
                .mapToObj(Long::valueOf)
                .toList());
        List<Long> newStarts = new ArrayList<>(starts);
        List<Long> newEnds = new ArrayList<>(ends);
        for (int index = 0; index < axes.size(); index++) {
            int dimension = Math.floorMod(axes.get(index), site.data().rank());
            if (Axis.of(dimension).filter(site::isDivided).isPresent()) {
                newStarts.set(index, 0L);
                newEnds.set(index, END);
            }
        }
        site.emit(withRanges(site, List.of(newStarts, newEnds, axes)));
    }

    /** @param ranges starts, ends and axes; steps stay as they are */
    private static NodeProto.Builder withRanges(LayerSite site, List<List<Long>> ranges) {
        NodeProto.Builder node = site.rewired();
        if (node.getInputCount() == 1) {
            Attributes.set(node, "starts", ranges.get(0));
            Attributes.set(node, "ends", ranges.get(1));
            Attributes.set(node, "axes", ranges.get(2));
            return node;
        }
        List<List<Long>> inputs = new ArrayList<>(ranges);
        inputs.add(argument(site, "steps", 4)
                .orElseGet(() -> Collections.nCopies(ranges.get(0).size(), 1L)));
        String data = node.getInput(0);
        node.clearInput().addInput(data);
        inputs.forEach(values -> node.addInput(site.shard().constant(List.copyOf(values))));
        return node;
    }

    private static Optional<List<Long>> argument(LayerSite site, String attribute, int input) {
        Optional<List<Integer>> given = site.attributes().integers(attribute);
        if (given.isEmpty() && input < site.node().getInputCount()) {
            given = site.source().constants().integers(site.node().getInput(input));
        }
        return given.map(values -> values.stream().map(Integer::longValue).toList());
    }
}
