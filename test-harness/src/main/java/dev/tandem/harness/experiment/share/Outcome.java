package dev.tandem.harness.experiment.share;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.core.variant.Variant;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What the experiment gives.
 *
 * @param command what repeats it
 * @param losses requests in which a strategy is better than Tandem at what is asked for, in words
 */
public record Outcome(
        String command,
        long seed,
        int requests,
        List<InSetting> settings,
        List<String> losses,
        @JsonIgnore List<Trial> trials) {

    /** Rates required, as shares of the most at the required accuracy: bands of this width. */
    static final double BAND = 0.2;

    static final int BANDS = 6;

    private static final String MEAN = "mean of the four";
    private static final String MEAN_APPROXIMATED = "mean of the two with approximation";
    /** Not Tandem, but the most that any strategy could have. */
    private static final String BOUND = "bound beside the ";

    private static final double PERCENT = 100;
    private static final double ROUNDING = 1e-9;

    /**
     * One setting.
     *
     * @param canMeetPercent of the requests at most, by the bound
     * @param met by strategy
     * @param all Tandem beside each strategy and their mean, over all requests
     * @param canBeMet the same over requests that Tandem meets
     */
    public record InSetting(
            Setting setting, double canMeetPercent, List<Met> met, List<Beside> all, List<Beside> canBeMet) {
        public InSetting {
            met = List.copyOf(met);
            all = List.copyOf(all);
            canBeMet = List.copyOf(canBeMet);
        }
    }

    /**
     * Requests of which a strategy meets both requirements.
     *
     * @param byBand by the required rate
     * @param meanAccuracy of all answers as they are
     * @param meanRate of all answers as they are, images per second
     */
    public record Met(String strategy, double percent, List<Double> byBand, double meanAccuracy, double meanRate) {
        public Met {
            byBand = List.copyOf(byBand);
        }
    }

    /** Tandem, or what bounds it, beside something; a measure is absent where there was nothing to compare. */
    public record Beside(String other, Map<Measure, Figures> figures) {
        public Beside {
            figures = Map.copyOf(figures);
        }

        /** A measure's figures. */
        public Optional<Figures> of(Measure measure) {
            return Optional.ofNullable(figures.get(measure));
        }
    }

    /** Over several requests. */
    public record Figures(int requests, double mean, Quartiles quartiles) {}

    public Outcome {
        settings = List.copyOf(settings);
        losses = List.copyOf(losses);
        trials = List.copyOf(trials);
    }

    /** Sums up trials. */
    public static Outcome of(String command, long seed, int requests, List<Trial> trials) {
        return new Outcome(
                command,
                seed,
                requests,
                trials.stream()
                        .map(Trial::setting)
                        .distinct()
                        .map(setting -> inSetting(setting, only(trials, trial -> trial.setting() == setting)))
                        .toList(),
                trials.stream().flatMap(trial -> trial.losses().stream()).toList(),
                trials);
    }

    private static InSetting inSetting(Setting setting, List<Trial> trials) {
        double most = MobileNetVariants.FAMILY.variants().stream()
                .mapToDouble(Variant::top1)
                .max()
                .orElseThrow();
        return new InSetting(
                setting,
                percent(
                        trials,
                        trial -> trial.ofBound() <= 1 + ROUNDING
                                && trial.request().accuracy() <= most),
                Arrays.stream(ShareStrategy.values())
                        .map(strategy -> met(strategy, trials))
                        .toList(),
                beside(trials),
                beside(only(trials, trial -> trial.of(ShareStrategy.TANDEM).met())));
    }

    private static Met met(ShareStrategy strategy, List<Trial> trials) {
        List<Double> byBand = new ArrayList<>();
        for (int band = 0; band < BANDS; band++) {
            int index = band;
            byBand.add(
                    percent(only(trials, trial -> (int) (trial.ofBound() / BAND) == index), trial -> trial.of(strategy)
                            .met()));
        }
        return new Met(
                strategy.label(),
                percent(trials, trial -> trial.of(strategy).met()),
                byBand,
                mean(trials, trial -> trial.of(strategy).accuracy()),
                mean(trials, trial -> trial.of(strategy).imagesPerSecond()));
    }

    private static List<Beside> beside(List<Trial> trials) {
        Map<String, BesideTandem> others = new LinkedHashMap<>();
        for (ShareStrategy strategy : Measure.COMPARED) {
            others.put(strategy.label(), (measure, trial) -> measure.beside(List.of(strategy), trial));
        }
        others.put(MEAN, (measure, trial) -> measure.beside(Measure.COMPARED, trial));
        others.put(BOUND + MEAN, (measure, trial) -> measure.boundBeside(Measure.COMPARED, trial));
        others.put(MEAN_APPROXIMATED, (measure, trial) -> measure.beside(Measure.APPROXIMATED, trial));
        others.put(BOUND + MEAN_APPROXIMATED, (measure, trial) -> measure.boundBeside(Measure.APPROXIMATED, trial));
        others.put(
                ShareStrategy.ONE_VARIANT_EACH.label(),
                (measure, trial) -> measure.beside(List.of(ShareStrategy.ONE_VARIANT_EACH), trial));
        return others.entrySet().stream()
                .map(other -> new Beside(other.getKey(), figures(other.getValue(), trials)))
                .toList();
    }

    private static Map<Measure, Figures> figures(BesideTandem other, List<Trial> trials) {
        Map<Measure, Figures> figures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            double[] values = trials.stream()
                    .map(trial -> other.figure(measure, trial))
                    .flatMapToDouble(OptionalDouble::stream)
                    .toArray();
            if (values.length > 0) {
                figures.put(
                        measure,
                        new Figures(
                                values.length,
                                DoubleStream.of(values).average().orElseThrow(),
                                Quartiles.of(DoubleStream.of(values).boxed().toList())));
            }
        }
        return figures;
    }

    private static List<Trial> only(List<Trial> trials, Predicate<Trial> condition) {
        return trials.stream().filter(condition).toList();
    }

    private static double percent(List<Trial> trials, Predicate<Trial> condition) {
        return PERCENT * mean(trials, trial -> condition.test(trial) ? 1 : 0);
    }

    private static double mean(List<Trial> trials, ToDoubleFunction<Trial> figure) {
        return trials.stream().mapToDouble(figure).average().orElse(0);
    }

    /** Something to compare Tandem with. */
    private interface BesideTandem {
        OptionalDouble figure(Measure measure, Trial trial);
    }
}
