package dev.tandem.harness.experiment.predicted;

import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * All rounds of all plans, and what they come to.
 *
 * @param settings what repeats any of them, but for the models
 */
public record Outcome(String settings, List<Round> rounds) {

    /** The error that is aimed at. */
    static final double AIM = 0.1;

    public Outcome {
        rounds = List.copyOf(rounds);
    }

    /** Rounds of one plan. */
    record Plans(Round.Case which, List<Round> rounds) {

        /** Median of a figure over the rounds. */
        double median(ToDoubleFunction<Round> figure) {
            return quartiles(figure).median();
        }

        Quartiles quartiles(ToDoubleFunction<Round> figure) {
            return Quartiles.of(rounds.stream().map(figure::applyAsDouble).toList());
        }

        /** How far the median ratio is from 1. */
        double error(ToDoubleFunction<Round> ratio) {
            return Math.abs(median(ratio) - 1);
        }
    }

    /** By model and scheme, in the order in which they were measured. */
    List<Plans> plans() {
        Map<Round.Case, List<Round>> byCase = new LinkedHashMap<>();
        rounds.forEach(round ->
                byCase.computeIfAbsent(round.which(), key -> new ArrayList<>()).add(round));
        return byCase.entrySet().stream()
                .map(entry -> new Plans(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Quartiles over the plans of the error of their median ratio. */
    Quartiles errors(ToDoubleFunction<Round> ratio) {
        return Quartiles.of(plans().stream().map(plan -> plan.error(ratio)).toList());
    }

    /** Plans whose median ratio is within the aim. */
    long within(ToDoubleFunction<Round> ratio) {
        return plans().stream().filter(plan -> plan.error(ratio) <= AIM).count();
    }

    /** What repeats all of them. */
    public String command() {
        return rounds.stream()
                .map(Round::model)
                .distinct()
                .map(model -> " --model " + model)
                .collect(Collectors.joining("", settings, ""));
    }

    /** These rounds in place of those of the same models; all must have been made with the same settings. */
    public Outcome with(List<Round> others) {
        List<String> models = others.stream().map(Round::model).distinct().toList();
        List<Round> all = new ArrayList<>(
                rounds.stream().filter(round -> !models.contains(round.model())).toList());
        all.addAll(others);
        return new Outcome(settings, all);
    }
}
