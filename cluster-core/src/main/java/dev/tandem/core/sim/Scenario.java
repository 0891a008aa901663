package dev.tandem.core.sim;

import java.util.List;

/**
 * What happens to a plan: requests, and all that is not as planned.
 *
 * @param seed of arrivals and jitter; equal scenarios have equal results
 */
public record Scenario(Arrivals arrivals, long seed, Jitter jitter, List<Drift> drifts, List<NodeLoss> losses) {

    public Scenario {
        drifts = List.copyOf(drifts);
        losses = List.copyOf(losses);
    }

    /** Requests, and everything as planned. */
    public static Scenario of(Arrivals arrivals, long seed) {
        return new Scenario(arrivals, seed, Jitter.NONE, List.of(), List.of());
    }

    public Scenario with(Jitter other) {
        return new Scenario(arrivals, seed, other, drifts, losses);
    }

    public Scenario withDrifts(Drift... others) {
        return new Scenario(arrivals, seed, jitter, List.of(others), losses);
    }

    public Scenario withLosses(NodeLoss... others) {
        return new Scenario(arrivals, seed, jitter, drifts, List.of(others));
    }
}
