package dev.tandem.harness.experiment.survival;

import dev.tandem.core.planner.Scheme;
import java.util.Locale;

/** What is there for the loss of a node. */
public enum Cover {
    /** Several ways through the model: the others serve on. */
    LANES(Scheme.AUTO),
    /** One way over all nodes, and plans for each loss. */
    PIPELINE(Scheme.PIPELINE),
    /** The same, which stays as it is whatever happens. */
    NONE(Scheme.PIPELINE),
    /** The same, with lanes that stand by for each loss. */
    STANDBY(Scheme.PIPELINE);

    private final Scheme scheme;

    Cover(Scheme scheme) {
        this.scheme = scheme;
    }

    /** How the model is divided then. */
    public Scheme scheme() {
        return scheme;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
