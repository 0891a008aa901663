package dev.tandem.core.planner.hybrid;

import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Where the model is cut: the first layer, allowed cuts, the end. A stage between two of them is allowed when no tensor
 * passes it by and, unless it is the last, no model output is written in it: then all that a stage reads comes from the
 * stage before, or from the gateway.
 */
final class StageCuts {

    private final ModelGraph graph;
    private final List<Integer> layers = new ArrayList<>();
    private final boolean[][] allowed;

    /**
     * @param most cuts; where there are more, the cheapest of each of so many parts of equal time
     * @param secondsBefore time of the layers before a layer
     */
    StageCuts(ModelGraph graph, int most, ToDoubleFunction<Integer> secondsBefore) {
        this.graph = graph;
        List<Set<String>> crossing = new ArrayList<>();
        layers.add(0);
        crossing.add(names(graph.inputs()));
        for (Cut cut : spread(graph.allowedCuts(), most, secondsBefore)) {
            layers.add(cut.position());
            crossing.add(names(cut.crossing()));
        }
        layers.add(graph.layers().size());
        crossing.add(Set.of());
        allowed = allowed(crossing);
    }

    /** Index of the position behind the last layer. */
    int end() {
        return layers.size() - 1;
    }

    int layer(int position) {
        return layers.get(position);
    }

    boolean isAllowed(int from, int to) {
        return allowed[from][to];
    }

    Segment segment(int from, int to) {
        return new Segment(layers.get(from), layers.get(to));
    }

    private boolean[][] allowed(List<Set<String>> crossing) {
        boolean[][] stages = new boolean[layers.size()][layers.size()];
        for (int from = 0; from < end(); from++) {
            boolean writesOutput = false;
            for (int to = from + 1; to <= end(); to++) {
                writesOutput |= writesOutput(segment(to - 1, to));
                stages[from][to] = to == end() || (!writesOutput && disjoint(crossing.get(from), crossing.get(to)));
            }
        }
        return stages;
    }

    private boolean writesOutput(Segment segment) {
        return graph.layers(segment).stream()
                .map(Layer::outputs)
                .flatMap(List::stream)
                .anyMatch(graph::isModelOutput);
    }

    private static boolean disjoint(Set<String> one, Set<String> other) {
        return one.stream().noneMatch(other::contains);
    }

    private static Set<String> names(List<TensorSpec> tensors) {
        Set<String> names = new HashSet<>();
        tensors.forEach(tensor -> names.add(tensor.name()));
        return names;
    }

    private static Collection<Cut> spread(List<Cut> cuts, int most, ToDoubleFunction<Integer> secondsBefore) {
        if (cuts.size() <= most) {
            return cuts;
        }
        double first = secondsBefore.applyAsDouble(cuts.get(0).position());
        double total = secondsBefore.applyAsDouble(cuts.get(cuts.size() - 1).position()) - first;
        Map<Integer, Cut> cheapest = new TreeMap<>();
        for (Cut cut : cuts) {
            double before = secondsBefore.applyAsDouble(cut.position()) - first;
            int part = (int) Math.min(most - 1.0, most * before / total);
            cheapest.merge(part, cut, (one, other) -> other.bytes() < one.bytes() ? other : one);
        }
        return cheapest.values();
    }
}
