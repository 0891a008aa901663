package dev.tandem.harness.experiment.emulated;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Who says beforehand what a measurement will give. */
public enum Opinion {
    /** The cost model, which plans are made with. */
    PREDICTED(Run::predicted),
    /** The simulator, event by event. */
    SIMULATED(Run::simulated);

    private final ToDoubleFunction<Run> figure;

    Opinion(ToDoubleFunction<Run> figure) {
        this.figure = figure;
    }

    /** What is said of the measured figure, in its unit. */
    public double of(Run run) {
        return figure.applyAsDouble(run);
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
