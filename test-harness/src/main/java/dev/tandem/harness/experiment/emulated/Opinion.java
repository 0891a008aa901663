package dev.tandem.harness.experiment.emulated;

import java.util.Locale;

/** Who says beforehand what a measurement will give. */
public enum Opinion {
    /** The cost model, which plans are made with. */
    PREDICTED,
    /** The simulator, event by event. */
    SIMULATED;

    /** What is said of the measured figure, in its unit. */
    public double of(Run run) {
        return this == PREDICTED ? run.predicted() : run.simulated();
    }

    /** Measured over what was said. */
    double ratio(Run run) {
        return run.measured() / of(run);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
