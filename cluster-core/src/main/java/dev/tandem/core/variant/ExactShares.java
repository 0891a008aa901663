package dev.tandem.core.variant;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The best shares that there are. Within a deadline places do not hinder each other, so the largest sum of gains of n images
 * at the first i places is the best division between the last of them and those before,
 *
 * <pre>best(i, n) = max over m of best(i - 1, n - m) + most_i(m)</pre>
 *
 * and the least deadline for a sum of gains is found by halving, down to the nanosecond. All in whole numbers, so exact: no
 * rounding, no proportional shares, no heuristic. Takes O(places * (images^2 * range of gains * variants)) once, and
 * O(places * images^2) for each deadline that is looked at.
 */
final class ExactShares implements ShareSearch {

    /** 128 MiB of table per place. */
    private static final long MOST_CELLS = 1 << 24;

    private final ShareProblem problem;
    private final Gains gains;
    private final List<PlaceGains> places;

    private ExactShares(ShareProblem problem, Gains gains, List<PlaceGains> places) {
        this.problem = problem;
        this.gains = gains;
        this.places = List.copyOf(places);
    }

    /** Each place may run any variants on any of its images. */
    static ExactShares anyLanes(ShareProblem problem) {
        Gains gains = Gains.of(problem);
        int largest = Arrays.stream(gains.ofLevels(problem)).max().orElseThrow();
        long cells = MixedGains.cells(problem.images(), largest);
        if (cells > MOST_CELLS) {
            throw new IllegalArgumentException("a batch of " + problem.images() + " images needs tables of " + cells
                    + " cells, at most " + MOST_CELLS + ". Maybe share half of it twice, or round accuracies.");
        }
        return of(problem, gains, (levels, nanos) -> new MixedGains(levels, nanos, problem.images()));
    }

    /** Each place runs one variant. */
    static ExactShares oneVariantEach(ShareProblem problem) {
        return of(problem, Gains.of(problem), SingleGains::new);
    }

    private static ExactShares of(ShareProblem problem, Gains gains, BiFunction<int[], long[], PlaceGains> places) {
        int[] levels = gains.ofLevels(problem);
        return new ExactShares(
                problem,
                gains,
                problem.places().stream()
                        .map(place -> places.apply(
                                levels,
                                place.nanosPerImage().stream()
                                        .mapToLong(Long::longValue)
                                        .toArray()))
                        .toList());
    }

    @Override
    public Optional<Shares> mostAccurate(long deadlineNanos) {
        int most = mostGains(deadlineNanos);
        return most == PlaceGains.NONE ? Optional.empty() : Optional.of(soonestWith(most, deadlineNanos));
    }

    @Override
    public Optional<Shares> soonest(long accuracySum) {
        long needed = gains.needed(problem.images(), accuracySum);
        long slowest = problem.places().stream()
                .flatMap(place -> place.nanosPerImage().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        // Enough for any place to run any variant on all images.
        long latest = slowest * problem.images();
        return mostGains(latest) < needed ? Optional.empty() : Optional.of(soonestWith((int) needed, latest));
    }

    @Override
    public boolean has(long deadlineNanos, long accuracySum) {
        int most = mostGains(deadlineNanos);
        return most != PlaceGains.NONE && most >= gains.needed(problem.images(), accuracySum);
    }

    @Override
    public long mostCorrect(long deadlineNanos) {
        int[] most = best(deadlineNanos)[places.size()];
        long largest = 0;
        for (int images = 0; images < most.length; images++) {
            largest = most[images] == PlaceGains.NONE ? largest : Math.max(largest, gains.sum(images, most[images]));
        }
        return largest;
    }

    private int mostGains(long deadlineNanos) {
        return best(deadlineNanos)[places.size()][problem.images()];
    }

    /** @param latest a deadline by which there are such shares */
    private Shares soonestWith(int needed, long latest) {
        long tooEarly = 0;
        long enough = latest;
        while (enough - tooEarly > 1) {
            long middle = (tooEarly + enough) >>> 1;
            if (mostGains(middle) >= needed) {
                enough = middle;
            } else {
                tooEarly = middle;
            }
        }
        return shares(enough);
    }

    private int[][] best(long deadlineNanos) {
        int[][] best = new int[places.size() + 1][problem.images() + 1];
        Arrays.fill(best[0], PlaceGains.NONE);
        best[0][0] = 0;
        for (int place = 0; place < places.size(); place++) {
            int[] most = most(place, deadlineNanos);
            for (int images = 0; images <= problem.images(); images++) {
                best[place + 1][images] = combined(best[place], most, images);
            }
        }
        return best;
    }

    private int[] most(int place, long deadlineNanos) {
        int[] most = new int[problem.images() + 1];
        for (int images = 0; images < most.length; images++) {
            most[images] = places.get(place).most(images, deadlineNanos);
        }
        return most;
    }

    private static int combined(int[] before, int[] most, int images) {
        int best = PlaceGains.NONE;
        // Once a place is out of time, it is for more images, too.
        for (int here = 0; here <= images && most[here] != PlaceGains.NONE; here++) {
            if (before[images - here] != PlaceGains.NONE) {
                best = Math.max(best, before[images - here] + most[here]);
            }
        }
        return best;
    }

    /** The most accurate ones by a deadline by which there are some, and the soonest done of these if it is their least. */
    private Shares shares(long deadlineNanos) {
        int[][] best = best(deadlineNanos);
        int[][] counts = new int[places.size()][];
        int left = problem.images();
        for (int place = places.size() - 1; place >= 0; place--) {
            int here = here(best, place, left, most(place, deadlineNanos));
            counts[place] = places.get(place).imagesByLevel(here, deadlineNanos);
            left -= here;
        }
        return SharesOf.counts(problem, counts);
    }

    private static int here(int[][] best, int place, int left, int[] most) {
        for (int here = 0; here <= left && most[here] != PlaceGains.NONE; here++) {
            int before = best[place][left - here];
            if (before != PlaceGains.NONE && before + most[here] == best[place + 1][left]) {
                return here;
            }
        }
        throw new IllegalStateException("no division of " + left + " images at place " + place);
    }
}
