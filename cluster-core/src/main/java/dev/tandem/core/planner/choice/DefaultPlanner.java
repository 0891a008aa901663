package dev.tandem.core.planner.choice;

import dev.tandem.core.planner.BranchesPlanner;
import dev.tandem.core.planner.DividedPlanner;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.LanesPlanner;
import dev.tandem.core.planner.LowerBound;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.RowsPlanner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.planner.hybrid.HybridPlanner;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes the planner of the scheme that is asked for; for {@link Scheme#AUTO} tries all, and published schemes
 * ({@link dev.tandem.core.planner.baseline.Baselines}), but for what {@link LowerBound} says cannot be better, and takes the plan with the best score, the single core group
 * unless another is truly better. Of the published schemes only one that beats all others is among what was considered.
 * Every plan comes with what no plan can beat.
 */
public final class DefaultPlanner implements Planner {

    private final boolean all;

    /** Leaves out what cannot be better than what was found before. */
    public DefaultPlanner() {
        this(false);
    }

    private DefaultPlanner(boolean all) {
        this.all = all;
    }

    /** Tries also what cannot be better, to be compared with. */
    public static DefaultPlanner ofAll() {
        return new DefaultPlanner(true);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        Optional<String> refusal =
                request.objective().refusal(request.topology()).or(() -> haloRefusal(request));
        return refusal.<PlanResult>map(Refused::new).orElseGet(() -> bounded(request, planFor(request)));
    }

    private static Optional<String> haloRefusal(PlanRequest request) {
        return request.halo().isOf(request.scheme())
                ? Optional.empty()
                : Optional.of("halo " + request.halo().name().toLowerCase(Locale.ROOT) + " is of "
                        + (request.halo() == Halo.OVERLAP
                                ? "scheme rows"
                                : "schemes that divide maps in space, rows and grid")
                        + ", but the scheme is "
                        + request.scheme().name().toLowerCase(Locale.ROOT) + ". Maybe leave one of them out.");
    }

    private PlanResult planFor(PlanRequest request) {
        return switch (request.scheme()) {
            case AUTO -> choose(request, Trials.of(request, all));
            case SINGLE -> new SinglePlanner().plan(request);
            case PIPELINE -> new PipelinePlanner().plan(request);
            case ROWS ->
                request.halo() == Halo.CHOSEN
                        ? new RowsPlanner().plan(request)
                        : new DividedPlanner(DividedPlanner.Way.ROWS).plan(request);
            case GRID -> new DividedPlanner(DividedPlanner.Way.GRID).plan(request);
            case CHANNELS -> new DividedPlanner(DividedPlanner.Way.CHANNELS).plan(request);
            case BATCH -> new DividedPlanner(DividedPlanner.Way.BATCH).plan(request);
            case BRANCHES -> new BranchesPlanner().plan(request);
            case HYBRID -> HybridPlanner.thorough(request).plan(request);
            case LANES -> new LanesPlanner().plan(request);
        };
    }

    private static PlanResult bounded(PlanRequest request, PlanResult result) {
        return result instanceof Planned planned ? planned.withLowerBound(LowerBound.of(request)) : result;
    }

    /** @param trials the first of them the single core group */
    private static PlanResult choose(PlanRequest request, List<Trial> trials) {
        Trial alone = trials.get(0);
        Optional<Trial> distributed = trials.stream()
                .skip(1)
                .filter(trial -> trial.plan().isPresent())
                .min(Comparator.comparingDouble(trial -> trial.value(request)));
        if (alone.plan().isEmpty() && distributed.isEmpty()) {
            return new Refused(trials.stream()
                    .map(trial -> trial.name() + ": " + trial.alternative().remark())
                    .collect(Collectors.joining("\n", "no division fits\n", "")));
        }
        boolean pays =
                distributed.isPresent() && distributed.get().value(request) < alone.value(request) * Trials.ROUNDING;
        Trial chosen = pays ? distributed.get() : alone;
        return Draft.chosen(
                chosen.plan().orElseThrow(),
                trials.stream().map(Trial::alternative).toList(),
                explanation(request, alone, distributed, pays));
    }

    private static String explanation(
            PlanRequest request, Trial alone, Optional<Trial> distributed, boolean distributionPays) {
        if (distributed.isEmpty()) {
            return "single: no way to distribute the model is better here";
        }
        String name = distributed.get().name();
        if (alone.plan().isEmpty()) {
            return name + ": the model does not fit on one node";
        }
        String comparison = String.format(
                Locale.ROOT,
                "%s against %s %s on the best single core group",
                request.objective().words(distributed.get().value(request)),
                request.objective().words(alone.value(request)),
                request.objective().isOfOneRequest() ? "per request" : "between requests");
        return distributionPays
                ? name + ": " + comparison
                : "single: distribution does not pay, the best is " + name + " with " + comparison;
    }
}
