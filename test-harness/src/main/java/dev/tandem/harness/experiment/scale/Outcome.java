package dev.tandem.harness.experiment.scale;

import java.util.List;

/**
 * What the experiment gives.
 *
 * @param command what repeats it
 * @param model what was planned
 */
public record Outcome(String command, long seed, String model, int cuts, List<Trial> plans) {
    public Outcome {
        plans = List.copyOf(plans);
    }
}
