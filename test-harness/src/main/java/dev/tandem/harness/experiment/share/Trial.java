package dev.tandem.harness.experiment.share;

import dev.tandem.core.variant.ShareRequest;
import dev.tandem.core.variant.ShareStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One request in one setting.
 *
 * @param number of the request, the same request in every setting but for the rate
 * @param ofBound the required rate as a share of the most that any strategy can do at the required accuracy
 * @param rateBound that most, in images per second; 0 where no variant is accurate enough
 * @param accuracyBound the highest accuracy that any strategy can have at the required rate; 0 where none can keep that
 * @param correctBound the largest share of images that any strategy can classify correctly in time at the required rate
 * @param answers of every strategy
 */
public record Trial(
        Setting setting,
        int number,
        int images,
        ShareRequest request,
        double ofBound,
        double rateBound,
        double accuracyBound,
        double correctBound,
        Map<ShareStrategy, Answer> answers) {

    /** A difference below rounding is none. */
    private static final double ROUNDING = 1e-9;

    public Trial {
        answers = Map.copyOf(answers);
    }

    /** What a strategy makes of it. */
    public Answer of(ShareStrategy strategy) {
        return Objects.requireNonNull(answers.get(strategy));
    }

    /** Where a strategy is better than Tandem at what is asked for, in words. */
    List<String> losses() {
        List<String> losses = new ArrayList<>();
        Answer tandem = of(ShareStrategy.TANDEM);
        for (ShareStrategy strategy : ShareStrategy.values()) {
            String what = lost(tandem, of(strategy));
            if (!what.isEmpty()) {
                losses.add(setting.label() + ", request " + number + ": " + strategy.label() + " " + what);
            }
        }
        return losses;
    }

    private static String lost(Answer tandem, Answer other) {
        if (other.met() && !tandem.met()) {
            return "meets both requirements";
        }
        if (other.violation() < tandem.violation() - ROUNDING) {
            return "falls less short";
        }
        boolean isAsAccurate = other.accuracy() >= tandem.accuracy() - ROUNDING;
        if (other.met() && isAsAccurate && other.imagesPerSecond() > tandem.imagesPerSecond() * (1 + ROUNDING)) {
            return "is as accurate and quicker";
        }
        if (other.met() && other.accuracy() > tandem.accuracy() + ROUNDING) {
            return "keeps the rate more accurately";
        }
        if (other.rateAtAccuracy().orElse(0) > tandem.rateAtAccuracy().orElse(0) * (1 + ROUNDING)) {
            return "is quicker at the required accuracy";
        }
        return other.correctInTime() > tandem.correctInTime() + ROUNDING ? "has more images correct in time" : "";
    }
}
