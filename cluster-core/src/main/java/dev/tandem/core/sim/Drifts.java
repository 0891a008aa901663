package dev.tandem.core.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The rate of each of some resources over time, as a factor. */
final class Drifts {

    private final List<List<Drift>> newestFirst = new ArrayList<>();

    private Drifts() {}

    /**
     * @param resources in the order of their numbers
     * @param subject what a drift is about, equal to the resource
     */
    static <K, D extends Drift> Drifts of(List<K> resources, List<D> drifts, Function<D, K> subject) {
        Drifts result = new Drifts();
        for (K resource : resources) {
            Stream<Drift> own = drifts.stream()
                    .filter(drift -> subject.apply(drift).equals(resource))
                    .map(drift -> drift);
            result.newestFirst.add(
                    own.sorted(Comparator.comparingDouble(Drift::seconds).reversed())
                            .toList());
        }
        return result;
    }

    double factor(int resource, double seconds) {
        List<Drift> own = newestFirst.get(resource);
        for (int index = 0; index < own.size(); index++) {
            if (own.get(index).seconds() <= seconds) {
                return own.get(index).factor();
            }
        }
        return 1;
    }
}
