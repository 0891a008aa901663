package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.Quartiles;
import dev.tandem.harness.experiment.statistics.RatioInterval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A plan and its measurements for one aim, whoever made it.
 *
 * @param lanes fingerprint of the plan
 * @param planners all that made it in some round
 * @param rounds one measurement per round
 */
record MeasuredPlan(Setting setting, Objective aim, String lanes, List<String> planners, List<Run> rounds) {

    MeasuredPlan {
        planners = List.copyOf(planners);
        rounds = List.copyOf(rounds);
    }

    private record Key(Setting setting, Objective aim, String lanes) {}

    /** The distinct plans of some runs, in their order. */
    static List<MeasuredPlan> of(List<Run> runs) {
        Map<Key, List<Run>> plans = runs.stream()
                .collect(Collectors.groupingBy(
                        run -> new Key(run.which().setting(), run.which().aim(), run.lanes()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return plans.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static MeasuredPlan of(Key key, List<Run> runs) {
        return new MeasuredPlan(
                key.setting(),
                key.aim(),
                key.lanes(),
                runs.stream().map(run -> run.which().planner()).distinct().toList(),
                new ArrayList<>(byRound(runs).values()));
    }

    /** Runs of one round with the same lanes are one measurement. */
    private static Map<Integer, Run> byRound(Collection<Run> runs) {
        Map<Integer, Run> byRound = new LinkedHashMap<>();
        runs.forEach(run -> byRound.putIfAbsent(run.which().round(), run));
        return byRound;
    }

    /** The middle of a figure over the rounds. */
    double median(ToDoubleFunction<Run> figure) {
        return Quartiles.of(rounds.stream().map(figure::applyAsDouble).toList()).median();
    }

    /** How much better it is measured than another one, in rounds that have both; empty when none has. */
    Optional<RatioInterval> over(MeasuredPlan other) {
        Map<Integer, Run> others = byRound(other.rounds);
        List<Double> ratios = new ArrayList<>();
        for (Run run : rounds) {
            Run beside = others.get(run.which().round());
            if (beside != null) {
                ratios.add(run.over(beside));
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(RatioInterval.of(List.of(ratios)));
    }

    /** Who made it. */
    String makers() {
        return String.join(" = ", planners);
    }
}
