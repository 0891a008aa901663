package dev.tandem.core.planner;

import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blocks of parallel branches: between two places that one tensor crosses, chains of layers that share only what enters the
 * block, in front of the layer that joins them.
 */
final class Branches {

    private final ModelGraph graph;
    private final Set<Integer> allowed = new HashSet<>();

    private Branches(ModelGraph graph) {
        this.graph = graph;
        graph.allowedCuts().forEach(cut -> allowed.add(cut.position()));
    }

    /** By block its branches in the order of the layers, which is without gaps; two of them or more compute. */
    static List<List<Segment>> of(ModelGraph graph) {
        Branches branches = new Branches(graph);
        List<List<Segment>> blocks = new ArrayList<>();
        int from = 0;
        for (Cut cut : graph.cuts()) {
            if (cut.crossing().size() == 1) {
                branches.addBlock(from, cut.position() - 1, blocks);
                from = cut.position();
            }
        }
        branches.addBlock(from, graph.layers().size() - 1, blocks);
        return List.copyOf(blocks);
    }

    private void addBlock(int from, int join, List<List<Segment>> blocks) {
        List<Segment> parts = parts(from, join);
        boolean canBeCut = parts.stream().allMatch(part -> isEdge(part.from()) && isEdge(part.to()));
        long computing =
                parts.stream().filter(part -> graph.multiplyAdds(part) > 0).count();
        if (canBeCut && computing > 1) {
            blocks.add(parts);
        }
    }

    private boolean isEdge(int position) {
        return position == 0 || allowed.contains(position);
    }

    /** Layers that have to do with each other; none where those of one branch do not follow each other. */
    private List<Segment> parts(int from, int to) {
        List<Segment> parts = new ArrayList<>();
        Map<String, Integer> writers = new HashMap<>();
        int begin = from;
        for (int index = from; index < to; index++) {
            Layer layer = graph.layers().get(index);
            boolean isApart = layer.inputs().stream().noneMatch(writers::containsKey);
            if (isApart && index > from) {
                parts.add(new Segment(begin, index));
                begin = index;
            }
            int part = begin;
            if (layer.inputs().stream().anyMatch(input -> writers.getOrDefault(input, part) < part)) {
                return List.of();
            }
            layer.outputs().forEach(output -> writers.put(output, part));
        }
        if (begin < to) {
            parts.add(new Segment(begin, to));
        }
        return parts;
    }
}
