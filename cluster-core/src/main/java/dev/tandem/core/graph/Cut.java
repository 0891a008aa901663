package dev.tandem.core.graph;

import java.util.List;
import java.util.Optional;

/**
 * A place where the graph falls into before and after: layers {@code [0, position)} and the rest.
 *
 * @param crossing activations written before (or given as model input) and read after, in the order of their writing
 * @param refusal why the model must not be cut here, absent for a cut point
 */
public record Cut(int position, List<TensorSpec> crossing, Optional<String> refusal) {

    public Cut {
        crossing = List.copyOf(crossing);
    }

    /** Bytes that cross, each tensor once. */
    public long bytes() {
        return crossing.stream().mapToLong(TensorSpec::bytes).sum();
    }

    public boolean isAllowed() {
        return refusal.isEmpty();
    }
}
