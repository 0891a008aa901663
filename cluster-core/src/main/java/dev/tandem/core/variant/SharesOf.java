package dev.tandem.core.variant;

import java.util.ArrayList;
import java.util.List;

/** Adds up what a division of a batch comes to. */
final class SharesOf {

    private SharesOf() {}

    /** @param counts images by place, then by variant */
    static Shares counts(ShareProblem problem, int[][] counts) {
        List<Shares.Lane> lanes = new ArrayList<>();
        long nanos = 0;
        long accuracy = 0;
        for (int index = 0; index < counts.length; index++) {
            Place place = problem.places().get(index);
            long busy = 0;
            for (int level = 0; level < counts[index].length; level++) {
                int images = counts[index][level];
                busy += images * place.nanos(level);
                accuracy += (long) images * problem.accuracyUnits(level);
                if (images > 0) {
                    String variant = problem.family().variants().get(level).name();
                    lanes.add(new Shares.Lane(place.name(), variant, images));
                }
            }
            nanos = Math.max(nanos, busy);
        }
        return new Shares(lanes, problem.images(), nanos, accuracy);
    }
}
