package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;

/**
 * A planner that has no plan.
 *
 * @param bed the test bed
 * @param reason the planner's own words
 */
public record Refusal(String bed, String model, String planner, Objective aim, String reason) {

    /** Whether both are of the same planner, whatever it says. */
    public boolean isOfSame(Refusal other) {
        return bed.equals(other.bed) && model.equals(other.model) && planner.equals(other.planner) && aim == other.aim;
    }

    /** For people. */
    public String text() {
        return model + " on " + bed + ": " + planner + " has no plan for " + aim + ": " + reason;
    }
}
