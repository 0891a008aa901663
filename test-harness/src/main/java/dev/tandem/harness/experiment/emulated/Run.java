package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import java.util.Map;
import java.util.Optional;

/**
 * One plan, measured once.
 *
 * @param which what was measured
 * @param plan in words
 * @param lanes fingerprint of the plan: runs of one round with the same one are one measurement
 * @param measured seconds of one request at a time, the median, or requests per second with many in flight
 * @param predicted the same by the cost model, the machines as fast as they were right before and after
 * @param simulated the same event by event
 * @param samples answers that were measured
 * @param joules per request; empty where the power of a machine is not known
 * @param busy part of the measured time in which each core group had work, by its name
 * @param ideal what the measured figure would be at best, in its unit; what that is says the experiment; empty for none
 */
public record Run(
        Cell which,
        String plan,
        String lanes,
        double measured,
        double predicted,
        double simulated,
        int samples,
        Optional<Double> joules,
        Map<String, Double> busy,
        Optional<Double> ideal) {

    /**
     * What is measured.
     *
     * @param bed name of the test bed
     * @param planner who made the plan
     * @param aim what it was made for, and what of it is measured: latency or throughput
     * @param round from 1
     */
    public record Cell(String bed, String model, String planner, Objective aim, int round) {

        Setting setting() {
            return new Setting(bed, model);
        }

        /** What another planner made of the same. */
        Cell by(String other) {
            return new Cell(bed, model, other, aim, round);
        }
    }

    public Run {
        busy = Map.copyOf(busy);
    }

    /** How much better this one is than another: above 1 if it is quicker, whatever the unit. */
    public double over(Run other) {
        return which.aim() == Objective.LATENCY ? other.measured / measured : measured / other.measured;
    }

    /** How much of the ideal is reached, 1 being all of it; empty for no ideal. */
    public Optional<Double> ofIdeal() {
        return ideal.map(best -> which.aim() == Objective.LATENCY ? best / measured : measured / best);
    }

    /** Measured over simulated. */
    public double ofSimulated() {
        return measured / simulated;
    }
}
