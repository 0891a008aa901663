package dev.tandem.core.plan;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import java.util.List;
import java.util.Optional;

/** Set arithmetic of regions of one tensor, for checks. */
final class Regions {

    private Regions() {}

    /** Why this is no region of that tensor. */
    static Optional<String> problem(ModelGraph graph, String tensor, Region region) {
        TensorSpec spec = graph.tensors().get(tensor);
        if (spec == null) {
            return Optional.of("the model has no tensor '" + tensor + "'");
        }
        try {
            region.ranges(spec);
            return Optional.empty();
        } catch (IllegalArgumentException beyond) {
            return Optional.of(String.valueOf(beyond.getMessage()));
        }
    }

    /**
     * Why the parts are not the whole exactly once; all must be regions of the tensor. Parts inside the whole that do not
     * overlap are all of it when they have as many elements.
     */
    static Optional<String> partitionProblem(TensorSpec tensor, Region whole, List<Region> parts) {
        for (int first = 0; first < parts.size(); first++) {
            for (int second = first + 1; second < parts.size(); second++) {
                Optional<Region> both = parts.get(first).intersect(parts.get(second));
                if (both.isPresent()) {
                    return Optional.of(both.get() + " more than once");
                }
            }
        }
        long wanted = elements(tensor, whole);
        long inside = parts.stream()
                .mapToLong(part -> part.intersect(whole)
                        .map(common -> elements(tensor, common))
                        .orElse(0L))
                .sum();
        long all = parts.stream().mapToLong(part -> elements(tensor, part)).sum();
        if (inside < wanted) {
            return Optional.of("only " + inside + " of the " + wanted + " elements of " + whole);
        }
        return all > inside ? Optional.of((all - inside) + " elements that are not in " + whole) : Optional.empty();
    }

    /** Whether a region of the tensor lies in another. */
    static boolean contains(TensorSpec tensor, Region outer, Region inner) {
        return outer.intersect(inner)
                .filter(common -> elements(tensor, common) == elements(tensor, inner))
                .isPresent();
    }

    private static long elements(TensorSpec tensor, Region region) {
        return region.of(tensor).elements();
    }
}
