package dev.tandem.harness.experiment.emulated;

import java.util.Locale;

/**
 * CPU time that a model takes on a core group that is held back again and again, over what it takes on a whole CPU. After
 * every pause its caches are cold, so it grows with the number of pauses, which is one over the quota.
 *
 * @param alike part that does not depend on the quota
 * @param microsPerPause CPU time that a pause costs
 */
public record Slowdown(double alike, double microsPerPause) {

    /** No cost. */
    static final Slowdown NONE = new Slowdown(1, 0);

    /**
     * What was measured.
     *
     * @param quotaMicros CPU time between two pauses
     */
    record Sample(long quotaMicros, double slowdown) {}

    /** The line through two samples, by one over the quota; a pause that would gain time is noise and costs nothing. */
    static Slowdown of(Sample rare, Sample frequent) {
        double pauses = 1.0 / frequent.quotaMicros() - 1.0 / rare.quotaMicros();
        double microsPerPause = pauses > 0 ? Math.max(0, (frequent.slowdown() - rare.slowdown()) / pauses) : 0;
        return microsPerPause > 0
                ? new Slowdown(rare.slowdown() - microsPerPause / rare.quotaMicros(), microsPerPause)
                : new Slowdown((rare.slowdown() + frequent.slowdown()) / 2, 0);
    }

    /** With that CPU time between two pauses. */
    double at(long quotaMicros) {
        return alike + microsPerPause / quotaMicros;
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f times the CPU time of a whole CPU, and %.0f us for each pause",
                alike,
                microsPerPause);
    }
}
