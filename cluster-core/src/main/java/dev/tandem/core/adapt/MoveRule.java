package dev.tandem.core.adapt;

import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Objective;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * When a plan that is predicted to be better takes the place of the one that serves.
 *
 * @param leastGain part that it must save of what the objective counts, such as of the seconds between two answers
 * @param horizon within which the gain must be more than what moving costs
 */
public record MoveRule(double leastGain, Duration horizon) {

    /** Part of what is served that moving is taken to cost while it lasts: weights travel on the links of feature maps. */
    static final double DISTURBANCE = 0.5;

    public MoveRule {
        if (!(leastGain >= 0 && leastGain < 1)) {
            throw new IllegalArgumentException("leastGain (" + leastGain + ") must be at least 0 and below 1");
        }
    }

    /**
     * Compares two predictions for the machines as they are now.
     *
     * @param broken the bound that the plan in place does not keep any more, if there is one; the other one keeps all
     * @param moveSeconds that the move takes, see {@link MoveCost}
     */
    public MoveVerdict judge(
            Objective objective, PlanScore inPlace, PlanScore other, Optional<String> broken, double moveSeconds) {
        if (broken.isPresent()) {
            return new MoveVerdict(true, "the plan in place now has " + broken.get());
        }
        double now = objective.value(inPlace);
        double then = objective.value(other);
        double gain = 1 - then / now;
        String change = objective.words(now) + " would become " + objective.words(then);
        if (gain < leastGain) {
            return new MoveVerdict(
                    false, String.format(Locale.ROOT, "%s, which saves less than %.0f %%", change, 100 * leastGain));
        }
        double seconds = horizon.toNanos() / 1e9;
        boolean pays = gain * (seconds - moveSeconds) > DISTURBANCE * moveSeconds;
        return new MoveVerdict(
                pays,
                String.format(
                        Locale.ROOT,
                        "%s, which saves %.0f %% and %s for %.1f s of moving within %.0f s",
                        change,
                        100 * gain,
                        pays ? "pays" : "does not pay",
                        moveSeconds,
                        seconds));
    }
}
