package dev.tandem.core.planner;

import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.Topology;
import java.util.Locale;
import java.util.Optional;

/** What a plan should be best at. */
public enum Objective {
    /** The time of one request on an idle cluster. */
    LATENCY,
    /** Requests per second when many are in flight. */
    THROUGHPUT,
    /** The energy that all nodes take for one request on an idle cluster. */
    ENERGY,
    /** The energy of one request on an idle cluster times its latency. */
    ENERGY_DELAY;

    /** Whether it is about one request alone, and not about a stream of them. */
    public boolean isOfOneRequest() {
        return this != THROUGHPUT;
    }

    /** Whether it needs the power of all nodes. */
    public boolean needsPower() {
        return this == ENERGY || this == ENERGY_DELAY;
    }

    /**
     * What is to be made small: seconds of a request, seconds between two of a stream, joules of a request, or joules times
     * seconds.
     *
     * @throws IllegalArgumentException when it needs energy and the score has none
     */
    public double value(PlanScore score) {
        return switch (this) {
            case LATENCY -> score.latencySeconds();
            case THROUGHPUT -> 1 / score.throughputPerSecond();
            case ENERGY -> joules(score);
            case ENERGY_DELAY -> joules(score) * score.latencySeconds();
        };
    }

    /** A value with its unit, such as {@code 12.500 ms} or {@code 480.000 mJ}. */
    public String words(double value) {
        String unit =
                switch (this) {
                    case LATENCY, THROUGHPUT -> "ms";
                    case ENERGY -> "mJ";
                    case ENERGY_DELAY -> "mJ s";
                };
        return String.format(Locale.ROOT, "%.3f %s", value * 1e3, unit);
    }

    /** Why nothing can be planned for it on these nodes, if so. */
    public Optional<String> refusal(Topology topology) {
        return needsPower() ? KnownPower.refusal("objective " + this, topology) : Optional.empty();
    }

    /** As settings and commands write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private double joules(PlanScore score) {
        return score.energy()
                .map(Energy::requestJoules)
                .orElseThrow(() -> new IllegalArgumentException(
                        "objective " + this + " needs a score with energy. Maybe the power of a node is not known."));
    }
}
