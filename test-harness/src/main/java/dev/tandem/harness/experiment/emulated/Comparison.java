package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.RatioInterval;
import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tandem beside each other planner. Both are measured in the same round, on the same bed, for the same aim, and the ratio of
 * these two is what counts. Ratios are Tandem's advantage: above 1 it is ahead.
 *
 * @param overall over all beds and models
 * @param bySetting the same for each bed and model
 * @param withoutTandem runs of others that have none of Tandem in the same round, and count nowhere
 */
public record Comparison(List<Beside> overall, List<Beside> bySetting, int withoutTandem) {

    /**
     * Tandem beside one planner.
     *
     * @param where empty: everywhere
     * @param ratio geometric mean over the rounds, and over beds and models, all of which count the same
     * @param pairs of measurements
     * @param same pairs in which both planners had the same plan
     */
    public record Beside(
            Optional<Setting> where,
            String planner,
            Objective aim,
            Quantity quantity,
            RatioInterval ratio,
            int pairs,
            int same) {

        /** Whether both planners had the same plan each time. */
        boolean isSame() {
            return same == pairs;
        }

        /** Whether Tandem is better, and not by noise; with one round, whether it was better. */
        public boolean isAhead() {
            return ratio.side() == Side.ABOVE || (ratio.side() == Side.UNKNOWN && ratio.mean() > 1);
        }
    }

    private record Pair(Run tandem, Run other, double ratio) {
        boolean isSame() {
            return tandem.lanes().equals(other.lanes());
        }
    }

    public Comparison {
        overall = List.copyOf(overall);
        bySetting = List.copyOf(bySetting);
    }

    /** Sums up measurements, in their order. */
    public static Comparison of(List<Run> runs) {
        Map<Run.Cell, Run> tandem = new HashMap<>();
        runs.stream()
                .filter(run -> run.which().planner().equals(Planners.TANDEM))
                .forEach(run -> tandem.put(run.which(), run));
        List<Run> others = runs.stream()
                .filter(run -> !run.which().planner().equals(Planners.TANDEM))
                .toList();
        List<Beside> overall = new ArrayList<>();
        List<Beside> bySetting = new ArrayList<>();
        for (Quantity quantity : Quantity.values()) {
            for (var group : groups(others, tandem, quantity).entrySet()) {
                Map<Setting, List<Pair>> settings = group.getValue();
                overall.add(beside(Optional.empty(), group.getKey(), quantity, settings.values()));
                settings.forEach((setting, pairs) ->
                        bySetting.add(beside(Optional.of(setting), group.getKey(), quantity, List.of(pairs))));
            }
        }
        int alone = (int) others.stream()
                .filter(run -> !tandem.containsKey(run.which().by(Planners.TANDEM)))
                .count();
        return new Comparison(overall, bySetting, alone);
    }

    private record Group(String planner, Objective aim) {}

    private static Map<Group, Map<Setting, List<Pair>>> groups(
            List<Run> others, Map<Run.Cell, Run> tandem, Quantity quantity) {
        Map<Group, Map<Setting, List<Pair>>> groups = new LinkedHashMap<>();
        for (Run other : others) {
            Run.Cell which = other.which();
            Run own = tandem.get(which.by(Planners.TANDEM));
            if (own != null) {
                quantity.advantage(own, other).ifPresent(ratio -> groups.computeIfAbsent(
                                new Group(which.planner(), which.aim()), key -> new LinkedHashMap<>())
                        .computeIfAbsent(which.setting(), key -> new ArrayList<>())
                        .add(new Pair(own, other, ratio)));
            }
        }
        return groups;
    }

    private static Beside beside(
            Optional<Setting> where, Group group, Quantity quantity, Collection<List<Pair>> settings) {
        List<Pair> all = settings.stream().flatMap(List::stream).toList();
        return new Beside(
                where,
                group.planner(),
                group.aim(),
                quantity,
                RatioInterval.of(settings.stream()
                        .map(pairs -> pairs.stream().map(Pair::ratio).toList())
                        .toList()),
                all.size(),
                (int) all.stream().filter(Pair::isSame).count());
    }

    /** What is compared in one quantity. */
    List<Beside> overall(Quantity quantity) {
        return overall.stream().filter(beside -> beside.quantity() == quantity).toList();
    }

    /** The same for each bed and model. */
    List<Beside> bySetting(Quantity quantity) {
        return bySetting.stream()
                .filter(beside -> beside.quantity() == quantity)
                .toList();
    }
}
