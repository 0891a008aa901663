package dev.tandem.deploy.load.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Looks for the highest rate at which a result is valid: up or down from a first rate until one is and one is not, then
 * between the two. What it finds is run once more and lowered until that run is valid too, since the best of several runs
 * is good by luck as well.
 *
 * @param precision by which share the highest valid rate may be below the lowest invalid one, above 0
 */
public record RateSearch(double precision) {

    private static final double UP = 1.4;
    private static final double DOWN = 0.6;

    /** From the first rate: what is further off is given up. */
    private static final double FURTHEST = 64;

    /** Puts a server under load of that rate. */
    @FunctionalInterface
    public interface Load {
        ScenarioResult at(double perSecond) throws TimeoutException, InterruptedException;
    }

    /** What was tried. */
    public record Step(double rate, boolean isValid) {}

    /**
     * What was found.
     *
     * @param result of the last run: valid, or of the lowest rate that was tried
     * @param steps all runs, in their order
     */
    public record Found(ScenarioResult result, List<Step> steps) {
        public Found {
            steps = List.copyOf(steps);
        }
    }

    public RateSearch {
        if (!(precision > 0 && precision < 1)) {
            throw new IllegalArgumentException("precision (" + precision + ") must be above 0 and below 1.");
        }
    }

    /**
     * Searches on the calling thread.
     *
     * @param first rate, best somewhat below what the server can do
     */
    public Found from(double first, Load load) throws TimeoutException, InterruptedException {
        return new Search(load, first).run();
    }

    private final class Search {
        private final Load load;
        private final double first;
        private final List<Step> steps = new ArrayList<>();

        Search(Load load, double first) {
            this.load = load;
            this.first = first;
        }

        Found run() throws TimeoutException, InterruptedException {
            double valid = first;
            double invalid = first;
            if (isValid(first)) {
                do {
                    valid = invalid;
                    invalid = valid * UP;
                } while (invalid <= first * FURTHEST && isValid(invalid));
            } else {
                do {
                    invalid = valid;
                    valid = invalid * DOWN;
                } while (valid >= first / FURTHEST && !isValid(valid));
            }
            return confirm(between(valid, invalid));
        }

        private double between(double lowest, double highest) throws TimeoutException, InterruptedException {
            double valid = lowest;
            double invalid = highest;
            while (valid >= first / FURTHEST && invalid > valid * (1 + precision)) {
                double middle = Math.sqrt(valid * invalid);
                if (isValid(middle)) {
                    valid = middle;
                } else {
                    invalid = middle;
                }
            }
            return valid;
        }

        private Found confirm(double found) throws TimeoutException, InterruptedException {
            double rate = Math.max(found, first / FURTHEST);
            ScenarioResult result = at(rate);
            while (!result.isValid() && rate > first / FURTHEST) {
                rate *= 1 - precision;
                result = at(rate);
            }
            return new Found(result, steps);
        }

        private boolean isValid(double rate) throws TimeoutException, InterruptedException {
            return at(rate).isValid();
        }

        private ScenarioResult at(double rate) throws TimeoutException, InterruptedException {
            ScenarioResult result = load.at(rate);
            steps.add(new Step(rate, result.isValid()));
            return result;
        }
    }
}
