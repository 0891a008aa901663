package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How good predictions were, as Markdown. */
final class PredictionText {

    private static final int WORST = 10;

    private static final String ERRORS =
            """
            How far measured over simulated (or predicted) is from 1: the median, in brackets the quartiles. Once over
            distinct plans, each with the median over its rounds, and once over single measurements. Planners with the
            same plan count once.

            """;

    private static final String RANKING =
            """
            For each bed, model and aim, the plan with the best figure (median over the rounds) by prediction, or by
            simulation, is held beside every other distinct plan. It stands when it is measured to be the better one,
            or when the interval of their ratio (as above) holds 1. With one round there is no interval, and it stands
            only if it is better.

            """;

    private final List<MeasuredPlan> plans;

    PredictionText(List<MeasuredPlan> plans) {
        this.plans = plans;
    }

    String errors() {
        List<PredictionError> errors = aims().flatMap(
                        aim -> Stream.of(Opinion.values()).map(opinion -> PredictionError.of(aim, opinion, of(aim))))
                .toList();
        return "## Predicted against measured\n\n" + ERRORS
                + Table.of(
                        errors,
                        error -> List.of(
                                error.aim().toString(),
                                error.opinion().toString(),
                                Words.percent(error.plans().error()),
                                within(error.plans()),
                                Words.percent(error.runs().error()),
                                within(error.runs())),
                        "plans for",
                        "by",
                        "error of plans",
                        "plans within " + aim(),
                        "error of measurements",
                        "measurements within " + aim())
                + worst();
    }

    private Stream<Objective> aims() {
        return plans.stream().map(MeasuredPlan::aim).distinct();
    }

    private List<MeasuredPlan> of(Objective aim) {
        return plans.stream().filter(plan -> plan.aim() == aim).toList();
    }

    private static String aim() {
        return String.format(Locale.ROOT, "%.0f %%", 100 * PredictionError.AIM);
    }

    private static String within(PredictionError.Spread spread) {
        return String.format(
                Locale.ROOT,
                "%d of %d (%.0f %%)",
                spread.within(),
                spread.count(),
                100.0 * spread.within() / spread.count());
    }

    private String worst() {
        List<MeasuredPlan> worst = plans.stream()
                .sorted(Comparator.comparingDouble((MeasuredPlan plan) -> -PredictionError.of(plan, Opinion.SIMULATED)))
                .limit(WORST)
                .toList();
        return "The " + worst.size() + " plans that are simulated worst:\n\n"
                + Table.of(
                        worst,
                        plan -> List.of(
                                plan.setting().bed(),
                                plan.setting().model(),
                                plan.makers(),
                                plan.aim().toString(),
                                figure(plan, Run::measured),
                                figure(plan, Run::simulated),
                                figure(plan, Run::predicted),
                                Words.unit(plan.aim()),
                                Words.spread(plan.rounds(), Run::ofSimulated)),
                        "bed",
                        "model",
                        "planner",
                        "plans for",
                        "measured",
                        "simulated",
                        "predicted",
                        "unit",
                        "measured over simulated");
    }

    private static String figure(MeasuredPlan plan, ToDoubleFunction<Run> figure) {
        return Words.digits(Words.inUnit(plan.aim(), plan.median(figure)));
    }

    String ranking() {
        List<Ranking> rankings = Stream.of(Opinion.values())
                .map(opinion -> Ranking.of(opinion, plans))
                .toList();
        return "## Is the plan that is said to be the best the best?\n\n" + RANKING
                + Table.of(
                        rankings,
                        ranking -> List.of(
                                ranking.opinion().toString(),
                                share(ranking.held(), ranking.duels().size()),
                                share(ranking.heldGroups(), ranking.groups().size()),
                                String.valueOf(ranking.notPaired())),
                        "best as",
                        "first, or within noise, in comparisons",
                        "in all comparisons of a bed, model and aim",
                        "comparisons without a common round, left out")
                + rankings.stream().map(PredictionText::broken).collect(Collectors.joining());
    }

    private static String share(int held, int all) {
        return all == 0
                ? "none to compare"
                : String.format(Locale.ROOT, "%d of %d (%.0f %%)", held, all, 100.0 * held / all);
    }

    private static String broken(Ranking ranking) {
        List<Ranking.Duel> broken = new ArrayList<>(
                ranking.duels().stream().filter(duel -> !duel.isHeld()).toList());
        if (broken.isEmpty()) {
            return "";
        }
        return "Where the plan that is best as " + ranking.opinion() + " is measured behind another:\n\n"
                + broken.stream()
                        .map(duel -> "* " + duel.first().setting() + ", "
                                + duel.first().aim() + ": " + duel.first().makers() + " is " + duel.ratio() + " of "
                                + duel.other().makers() + "\n")
                        .collect(Collectors.joining())
                + "\n";
    }
}
