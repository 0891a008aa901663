package dev.tandem.harness.experiment.emulated;

import java.util.OptionalDouble;

/** In what plans are compared. */
public enum Quantity {
    /** Latency or throughput, whichever the plans are made for. */
    SPEED,
    /** Energy per request. */
    ENERGY;

    /** How much better the first run is than the second: above 1 if it is; empty where that is not known. */
    OptionalDouble advantage(Run run, Run other) {
        return switch (this) {
            case SPEED -> OptionalDouble.of(run.over(other));
            case ENERGY ->
                run.joules().isPresent() && other.joules().isPresent()
                        ? OptionalDouble.of(other.joules().get() / run.joules().get())
                        : OptionalDouble.empty();
        };
    }
}
