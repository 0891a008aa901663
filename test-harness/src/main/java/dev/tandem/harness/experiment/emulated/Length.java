package dev.tandem.harness.experiment.emulated;

/**
 * How long something is measured: for so many answers and seconds, but no longer than that.
 *
 * @param leastAnswers beside the first ones, which do not count
 */
public record Length(int leastAnswers, double leastSeconds, double mostSeconds) {

    public Length {
        if (leastAnswers < 1 || !(leastSeconds > 0) || !(mostSeconds >= leastSeconds)) {
            throw new IllegalArgumentException("answers (" + leastAnswers + ") must be at least 1 and seconds ("
                    + leastSeconds + " to " + mostSeconds + ") above 0 and in order");
        }
    }

    /** Ten answers, or a minute if they take longer, and at least that many seconds. */
    public static Length ofSeconds(double seconds) {
        return new Length(10, seconds, Math.max(60, seconds));
    }

    /** Whether there is more to measure after that. */
    boolean goesOn(int answers, double seconds) {
        return seconds < mostSeconds && (answers < leastAnswers || seconds < leastSeconds);
    }
}
