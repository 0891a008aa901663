package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;

/**
 * A plan that is to be measured.
 *
 * @param model on the bed
 * @param name by which the model is known in the log
 * @param planner who made it, or another name
 * @param aim what of it is measured
 */
public record Contender(BedModel model, String name, String planner, Objective aim, Plan plan) {

    Run.Cell cell(String bed, int round) {
        return new Run.Cell(bed, name, planner, aim, round);
    }

    /** Whether both run in the same way: one measurement is enough for them. */
    boolean runsAs(Contender other) {
        return model == other.model && plan.lanes().equals(other.plan.lanes());
    }
}
