package dev.tandem.harness.experiment.batch;

import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all batches come to.
 *
 * @param strategies in the order of {@link BatchPlans#STRATEGIES}
 * @param demands each with every strategy
 * @param rateError median of how far measured rates are from declared ones, as a share
 */
public record BatchOutcome(
        String command,
        int images,
        int rounds,
        List<DeclaredAccuracy> variants,
        List<Strategy> strategies,
        List<Answer> demands,
        double rateError) {

    private static final double PERCENT = 100;

    /**
     * A strategy over all demands and rounds, and Tandem beside it in the same round: null of Tandem's own.
     *
     * @param declaredMet per cent of batches that were to meet both requirements
     * @param inTime per cent of batches that kept the rate
     * @param accurate per cent of batches that had the accuracy
     * @param met per cent of batches that did both
     * @param rateRatio Tandem's measured rate over this one's
     * @param points Tandem's measured accuracy less this one's, in points
     * @param rateRatioAtAccuracy the same of Tandem asked for the accuracy of this one's shares
     * @param pointsAtAccuracy the same difference
     */
    public record Strategy(
            ShareStrategy strategy,
            int batches,
            double declaredMet,
            double inTime,
            double accurate,
            double met,
            @Nullable Spread rateRatio,
            @Nullable Spread points,
            @Nullable Spread rateRatioAtAccuracy,
            @Nullable Spread pointsAtAccuracy) {}

    /** Mean and quartiles. */
    public record Spread(double mean, Quartiles quartiles) {
        static @Nullable Spread of(List<Double> values) {
            return values.isEmpty()
                    ? null
                    : new Spread(BatchOutcome.mean(values, value -> value), Quartiles.of(values));
        }
    }

    /** A strategy's answers to a demand; means over the rounds. */
    public record Answer(
            BatchDemand demand,
            ShareStrategy strategy,
            double requiredRate,
            double requiredAccuracy,
            double declaredRate,
            double rate,
            double declaredAccuracy,
            double accuracy,
            String shares) {}

    /**
     * What all of them come to.
     *
     * @param trials at least one
     */
    public static BatchOutcome of(String command, List<DeclaredAccuracy> variants, List<BatchTrial> trials) {
        List<BatchTrial> own =
                trials.stream().filter(trial -> !trial.which().byTandem()).toList();
        return new BatchOutcome(
                command,
                trials.get(0).images(),
                trials.stream().mapToInt(trial -> trial.which().round()).max().orElseThrow(),
                variants,
                BatchPlans.STRATEGIES.stream()
                        .filter(strategy -> own.stream().anyMatch(by(strategy)))
                        .map(strategy -> strategy(strategy, trials))
                        .toList(),
                answers(own),
                Quartiles.of(trials.stream()
                                .map(trial -> Math.abs(trial.rate() / trial.declaredRate() - 1))
                                .toList())
                        .median());
    }

    private static Strategy strategy(ShareStrategy strategy, List<BatchTrial> trials) {
        List<BatchTrial> own = trials.stream()
                .filter(by(strategy).and(trial -> !trial.which().byTandem()))
                .toList();
        List<Pair> beside = strategy == ShareStrategy.TANDEM ? List.of() : pairs(own, trials, false);
        List<Pair> alike = strategy == ShareStrategy.TANDEM ? List.of() : pairs(own, trials, true);
        return new Strategy(
                strategy,
                own.size(),
                percent(own, BatchTrial::isDeclaredMet),
                percent(own, BatchTrial::isInTime),
                percent(own, BatchTrial::isAccurate),
                percent(own, trial -> trial.isInTime() && trial.isAccurate()),
                Spread.of(beside.stream().map(Pair::rateRatio).toList()),
                Spread.of(beside.stream().map(Pair::points).toList()),
                Spread.of(alike.stream().map(Pair::rateRatio).toList()),
                Spread.of(alike.stream().map(Pair::points).toList()));
    }

    /** Tandem and another in one round, with the same pictures. */
    private record Pair(BatchTrial tandem, BatchTrial other) {
        double rateRatio() {
            return tandem.rate() / other.rate();
        }

        double points() {
            return PERCENT * (tandem.accuracy() - other.accuracy());
        }
    }

    private static List<Pair> pairs(List<BatchTrial> others, List<BatchTrial> trials, boolean asAccurate) {
        List<Pair> pairs = new ArrayList<>();
        for (BatchTrial other : others) {
            BatchTrial.Cell cell = other.which();
            BatchTrial.Cell tandem = new BatchTrial.Cell(
                    cell.bed(),
                    cell.demand(),
                    asAccurate ? cell.strategy() : ShareStrategy.TANDEM,
                    asAccurate,
                    cell.round());
            trials.stream()
                    .filter(trial -> trial.which().equals(tandem))
                    .findFirst()
                    .ifPresent(trial -> pairs.add(new Pair(trial, other)));
        }
        return pairs;
    }

    private static List<Answer> answers(List<BatchTrial> own) {
        return Stream.of(BatchDemand.values())
                .flatMap(demand -> BatchPlans.STRATEGIES.stream().map(strategy -> own.stream()
                        .filter(by(strategy).and(trial -> trial.which().demand() == demand))
                        .toList()))
                .filter(trials -> !trials.isEmpty())
                .map(BatchOutcome::answer)
                .toList();
    }

    private static Answer answer(List<BatchTrial> trials) {
        BatchTrial last = trials.get(trials.size() - 1);
        return new Answer(
                last.which().demand(),
                last.which().strategy(),
                mean(trials, BatchTrial::requiredRate),
                mean(trials, BatchTrial::requiredAccuracy),
                mean(trials, BatchTrial::declaredRate),
                mean(trials, BatchTrial::rate),
                mean(trials, BatchTrial::declaredAccuracy),
                mean(trials, BatchTrial::accuracy),
                BatchReport.words(last.lanes()));
    }

    private static Predicate<BatchTrial> by(ShareStrategy strategy) {
        return trial -> trial.which().strategy() == strategy;
    }

    private static double percent(List<BatchTrial> trials, Predicate<BatchTrial> claim) {
        return PERCENT * trials.stream().filter(claim).count() / trials.size();
    }

    private static <T> double mean(List<T> values, ToDoubleFunction<T> figure) {
        return values.stream().mapToDouble(figure).average().orElseThrow();
    }
}
