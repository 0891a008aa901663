package dev.tandem.core.variant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Some combinations of variants, one for each place, with shares that follow from them; all of them are tried. */
final class EnumeratedShares implements ShareSearch {

    private static final double MOST_COMBINATIONS = 1e6;

    private static final Comparator<Candidate> SOON_THEN_ACCURATE = Comparator.<Candidate>comparingLong(
                    candidate -> candidate.nanos)
            .thenComparing(Comparator.<Candidate>comparingLong(candidate -> candidate.accuracySum)
                    .reversed());

    private final ShareProblem problem;
    private final List<Candidate> candidates;
    /** Those that no other is both sooner and more accurate than, the soonest first. */
    private final List<Candidate> frontier = new ArrayList<>();

    private EnumeratedShares(ShareProblem problem, List<Candidate> candidates) {
        this.problem = problem;
        this.candidates = List.copyOf(candidates);
        long accuracy = -1;
        for (Candidate candidate :
                candidates.stream().sorted(SOON_THEN_ACCURATE).toList()) {
            if (candidate.accuracySum > accuracy) {
                frontier.add(candidate);
                accuracy = candidate.accuracySum;
            }
        }
    }

    /** The most accurate variant everywhere. */
    static EnumeratedShares mostAccurateOnly(ShareProblem problem, Apportionment apportionment) {
        int level = problem.family().variants().indexOf(problem.family().mostAccurate());
        int[] levels = new int[problem.places().size()];
        Arrays.fill(levels, level);
        return new EnumeratedShares(problem, List.of(new Candidate(problem, levels, apportionment)));
    }

    /** Every combination of variants. */
    static EnumeratedShares allLevels(ShareProblem problem, Apportionment apportionment) {
        double combinations = Math.pow(problem.levels(), problem.places().size());
        if (combinations > MOST_COMBINATIONS) {
            throw new IllegalArgumentException(problem.levels() + " variants at "
                    + problem.places().size() + " places give " + combinations + " combinations, at most "
                    + MOST_COMBINATIONS + " are tried. Maybe leave out variants.");
        }
        List<Candidate> candidates = new ArrayList<>();
        int[] levels = new int[problem.places().size()];
        do {
            candidates.add(new Candidate(problem, levels, apportionment));
        } while (next(levels, problem.levels()));
        return new EnumeratedShares(problem, candidates);
    }

    /** Counts up; false after the last combination. */
    private static boolean next(int[] levels, int ofEach) {
        for (int place = 0; place < levels.length; place++) {
            levels[place] = (levels[place] + 1) % ofEach;
            if (levels[place] > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<Shares> mostAccurate(long deadlineNanos) {
        return frontier.stream()
                .filter(candidate -> candidate.nanos <= deadlineNanos)
                .max(Comparator.comparingLong(candidate -> candidate.accuracySum))
                .map(candidate -> candidate.shares(problem));
    }

    @Override
    public Optional<Shares> soonest(long accuracySum) {
        return frontier.stream()
                .filter(candidate -> candidate.accuracySum >= accuracySum)
                .findFirst()
                .map(candidate -> candidate.shares(problem));
    }

    @Override
    public boolean has(long deadlineNanos, long accuracySum) {
        return frontier.stream()
                .anyMatch(candidate -> candidate.nanos <= deadlineNanos && candidate.accuracySum >= accuracySum);
    }

    @Override
    public long mostCorrect(long deadlineNanos) {
        return candidates.stream()
                .mapToLong(candidate -> candidate.correct(problem, deadlineNanos))
                .max()
                .orElseThrow();
    }

    /** One combination. */
    private static final class Candidate {

        private final int[] levels;
        private final int[] shares;
        private final long nanos;
        private final long accuracySum;

        Candidate(ShareProblem problem, int[] levels, Apportionment apportionment) {
            this.levels = levels.clone();
            long[] each = new long[levels.length];
            for (int place = 0; place < levels.length; place++) {
                each[place] = problem.places().get(place).nanos(levels[place]);
            }
            shares = apportionment.divide(problem.images(), each);
            long latest = 0;
            long sum = 0;
            for (int place = 0; place < levels.length; place++) {
                latest = Math.max(latest, shares[place] * each[place]);
                sum += (long) shares[place] * problem.accuracyUnits(levels[place]);
            }
            nanos = latest;
            accuracySum = sum;
        }

        long correct(ShareProblem problem, long deadlineNanos) {
            long sum = 0;
            for (int place = 0; place < levels.length; place++) {
                long inTime = deadlineNanos / problem.places().get(place).nanos(levels[place]);
                sum += Math.min(shares[place], inTime) * problem.accuracyUnits(levels[place]);
            }
            return sum;
        }

        Shares shares(ShareProblem problem) {
            int[][] counts = new int[levels.length][problem.levels()];
            for (int place = 0; place < levels.length; place++) {
                counts[place][levels[place]] = shares[place];
            }
            return SharesOf.counts(problem, counts);
        }
    }
}
