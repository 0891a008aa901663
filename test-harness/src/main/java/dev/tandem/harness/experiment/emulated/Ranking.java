package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.statistics.RatioInterval;
import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether the plan that is said to be the best is measured to be it: beside every other distinct plan for the same bed, model
 * and aim.
 *
 * @param notPaired comparisons that are left out, since no round has both plans
 */
record Ranking(Opinion opinion, List<Group> groups, int notPaired) {

    /**
     * Plans for one bed, model and aim.
     *
     * @param first what is said to be the best
     * @param duels with each of the others
     */
    record Group(MeasuredPlan first, List<Duel> duels) {
        Group {
            duels = List.copyOf(duels);
        }

        boolean isHeld() {
            return duels.stream().allMatch(Duel::isHeld);
        }
    }

    /**
     * The plan that is said to be the best beside another.
     *
     * @param ratio above 1 if it is the better one
     */
    record Duel(MeasuredPlan first, MeasuredPlan other, RatioInterval ratio) {
        /** Whether it is better, or within noise of the other. */
        boolean isHeld() {
            return ratio.mean() >= 1 || ratio.side() == Side.WITHIN_NOISE;
        }
    }

    Ranking {
        groups = List.copyOf(groups);
    }

    static Ranking of(Opinion opinion, List<MeasuredPlan> plans) {
        record Key(Setting setting, Objective aim) {}
        Map<Key, List<MeasuredPlan>> rivals = plans.stream()
                .collect(Collectors.groupingBy(
                        plan -> new Key(plan.setting(), plan.aim()), LinkedHashMap::new, Collectors.toList()));
        List<Group> groups = new ArrayList<>();
        int all = 0;
        for (var entry : rivals.entrySet()) {
            Group group = group(first(opinion, entry.getKey().aim(), entry.getValue()), entry.getValue());
            all += entry.getValue().size() - 1;
            if (!group.duels().isEmpty()) {
                groups.add(group);
            }
        }
        return new Ranking(
                opinion,
                groups,
                all - groups.stream().mapToInt(group -> group.duels().size()).sum());
    }

    private static MeasuredPlan first(Opinion opinion, Objective aim, List<MeasuredPlan> plans) {
        Comparator<MeasuredPlan> byFigure = Comparator.comparingDouble(plan -> plan.median(opinion::of));
        return plans.stream()
                .min(aim == Objective.LATENCY ? byFigure : byFigure.reversed())
                .orElseThrow();
    }

    private static Group group(MeasuredPlan first, List<MeasuredPlan> plans) {
        List<Duel> duels = new ArrayList<>();
        for (MeasuredPlan other : plans) {
            if (!other.equals(first)) {
                first.over(other).ifPresent(ratio -> duels.add(new Duel(first, other, ratio)));
            }
        }
        return new Group(first, duels);
    }

    List<Duel> duels() {
        return groups.stream().flatMap(group -> group.duels().stream()).toList();
    }

    /** Duels that came out as said, or within noise. */
    int held() {
        return (int) duels().stream().filter(Duel::isHeld).count();
    }

    /** Groups all of whose duels did. */
    int heldGroups() {
        return (int) groups.stream().filter(Group::isHeld).count();
    }
}
