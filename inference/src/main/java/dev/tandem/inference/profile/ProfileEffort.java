package dev.tandem.inference.profile;

import java.util.List;

/**
 * How much time measuring a model takes.
 *
 * @param runs of the whole model, and of each sampled part
 * @param parts numbers of parts of equal time that the model is cut into for samples
 * @param starts places of the model at which segments begin that are sampled in row shares
 * @param shares numbers of equal row shares of which one is timed
 */
public record ProfileEffort(TimedRuns runs, List<Integer> parts, int starts, List<Integer> shares) {

    public ProfileEffort {
        parts = List.copyOf(parts);
        shares = List.copyOf(shares);
    }

    /** Half a minute for a model of some milliseconds, longer for large ones. */
    public static ProfileEffort thorough() {
        return new ProfileEffort(new TimedRuns(7, 50, 0.25), List.of(2, 3, 4, 6, 8), 4, List.of(2, 4, 8));
    }

    /** Some seconds: fewer samples, fewer runs. */
    public static ProfileEffort quick() {
        return new ProfileEffort(new TimedRuns(3, 20, 0.05), List.of(2, 4), 2, List.of(2, 4));
    }

    /** With so many runs of everything that is timed, however long they take. */
    public ProfileEffort withRepetitions(int count) {
        return new ProfileEffort(new TimedRuns(count, count, 0), parts, starts, shares);
    }
}
