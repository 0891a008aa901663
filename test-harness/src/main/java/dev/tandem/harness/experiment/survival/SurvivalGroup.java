package dev.tandem.harness.experiment.survival;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All trials of one kind, whichever of the nodes was lost.
 *
 * @param trials at least one
 */
record SurvivalGroup(Cover cover, Breakage breakage, String lost, List<SurvivalTrial> trials) {

    SurvivalGroup {
        trials = List.copyOf(trials);
    }

    /** In the order in which kinds are listed. */
    static List<SurvivalGroup> of(Collection<SurvivalTrial> trials) {
        Map<List<Object>, List<SurvivalTrial>> kinds = trials.stream()
                .sorted((a, b) -> compare(a.which(), b.which()))
                .collect(Collectors.groupingBy(
                        trial -> List.of(trial.which().cover(), trial.which().breakage(), lost(trial.which())),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return kinds.values().stream().map(SurvivalGroup::alike).toList();
    }

    private static int compare(SurvivalTrial.Cell a, SurvivalTrial.Cell b) {
        int order = a.cover().compareTo(b.cover());
        order = order == 0 ? a.breakage().compareTo(b.breakage()) : order;
        return order == 0 ? lost(a).compareTo(lost(b)) : order;
    }

    private static SurvivalGroup alike(List<SurvivalTrial> trials) {
        SurvivalTrial.Cell which = trials.get(0).which();
        return new SurvivalGroup(which.cover(), which.breakage(), lost(which), trials);
    }

    private static String lost(SurvivalTrial.Cell which) {
        return switch (which.node()) {
            case GatewayLoss.GATEWAY -> "gateway";
            case Survival.SUPERVISOR -> "the supervisor's";
            default -> "any node";
        };
    }

    String name() {
        return cover + ", " + breakage + ", " + lost;
    }

    int requests() {
        return trials.stream().mapToInt(SurvivalTrial::requests).sum();
    }

    int failures() {
        return trials.stream().mapToInt(trial -> trial.failures().size()).sum();
    }

    int wrong() {
        return trials.stream().mapToInt(SurvivalTrial::wrong).sum();
    }

    long inTime() {
        return trials.stream()
                .filter(trial -> trial.recoverySeconds() <= trial.aimSeconds())
                .count();
    }

    /**
     * Recovery that so many of the trials did not take longer than, in seconds.
     *
     * @param part from 0, the least, to 1, the most
     */
    double recoverySeconds(double part) {
        List<Double> sorted =
                trials.stream().map(SurvivalTrial::recoverySeconds).sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size() - 1e-9) - 1));
    }

    /** Median of the aims: that of a node that leaves depends on the trial. */
    double aimSeconds() {
        List<Double> sorted =
                trials.stream().map(SurvivalTrial::aimSeconds).sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
