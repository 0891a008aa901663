package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes the planner of the scheme that is asked for; for {@link Scheme#AUTO} tries all, and published schemes
 * ({@link Baselines#candidates}), and takes the plan with the best score, the single core group unless another is truly
 * better. Of the baselines only one that beats all others is among what was considered.
 */
public final class DefaultPlanner implements Planner {

    /** A gain below rounding is none. */
    private static final double ROUNDING = 1 - 1e-9;

    private final SinglePlanner single = new SinglePlanner();
    private final PipelinePlanner pipeline = new PipelinePlanner();
    private final RowsPlanner rows = new RowsPlanner();
    private final LanesPlanner lanes = new LanesPlanner();
    private final GatheredRowsPlanner gathered = GatheredRowsPlanner.withWorkingLeader();

    /** A way of dividing that was tried, and what came of it. */
    private record Trial(String name, PlanResult result) {

        Optional<Plan> plan() {
            return result instanceof Planned planned ? Optional.of(planned.plan()) : Optional.empty();
        }

        Alternative alternative() {
            String remark = result instanceof Refused refused
                    ? refused.reason()
                    : plan().map(Draft::places).orElse("");
            return new Alternative(name, plan().map(Plan::predicted), remark);
        }
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        Optional<String> refusal = request.objective().refusal(request.topology());
        return refusal.<PlanResult>map(Refused::new).orElseGet(() -> planFor(request));
    }

    private PlanResult planFor(PlanRequest request) {
        return switch (request.scheme()) {
            case AUTO -> auto(request);
            case SINGLE -> single.plan(request);
            case PIPELINE -> pipeline.plan(request);
            case ROWS -> rows.plan(request);
            case LANES -> lanes.plan(request);
        };
    }

    private PlanResult auto(PlanRequest request) {
        List<Trial> trials = new ArrayList<>();
        trials.add(new Trial("single", single.plan(request)));
        pipeline.upToMaxNodes(request).forEach(plan -> trials.add(trial(plan)));
        int mostShards = Math.min(
                Math.min(request.shards(), request.maxNodes()),
                request.topology().nodes().size());
        for (int shards = 2; shards <= mostShards; shards++) {
            PlanRequest divided = request.with(Scheme.ROWS, request.maxNodes(), shards);
            trials.add(new Trial(RowsPlanner.name(shards), rows.plan(divided, false)));
        }
        if (mostShards > 1 && !areAllLinked(request)) {
            trials.add(new Trial("gathered rows", gathered.plan(request)));
        }
        if (request.objective() == Objective.THROUGHPUT) {
            trials.add(new Trial("lanes", lanes.plan(request)));
        }
        bestPublished(request, trials).ifPresent(trials::add);
        return choose(request, trials);
    }

    private static boolean areAllLinked(PlanRequest request) {
        List<Node> nodes = request.topology().nodes();
        return nodes.stream().allMatch(from -> nodes.stream()
                .allMatch(to -> Double.isFinite(request.cost().transferSeconds(from.id(), to.id(), 0))));
    }

    /** The best plan of the baselines, where it is better than all that was tried. */
    private static Optional<Trial> bestPublished(PlanRequest request, List<Trial> trials) {
        double best = trials.stream()
                .filter(trial -> trial.plan().isPresent())
                .mapToDouble(trial -> value(request, trial))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        return Baselines.candidates(request.topology()).entrySet().stream()
                .map(baseline ->
                        new Trial(baseline.getKey(), baseline.getValue().plan(request)))
                .filter(trial -> trial.plan()
                        .filter(plan -> mostShards(plan) <= request.shards())
                        .isPresent())
                .min(Comparator.comparingDouble(trial -> value(request, trial)))
                .filter(trial -> value(request, trial) < best * ROUNDING);
    }

    private static int mostShards(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .mapToInt(stage -> stage.shards().size())
                .max()
                .orElse(0);
    }

    private static Trial trial(Plan plan) {
        String name = PipelinePlanner.name(plan.lanes().get(0).stages().size());
        return new Trial(name, Draft.planned(plan, name));
    }

    /** @param trials the first of them the single core group */
    private static PlanResult choose(PlanRequest request, List<Trial> trials) {
        Trial alone = trials.get(0);
        Optional<Trial> distributed = trials.stream()
                .skip(1)
                .filter(trial -> trial.plan().isPresent())
                .min(Comparator.comparingDouble(trial -> value(request, trial)));
        if (alone.plan().isEmpty() && distributed.isEmpty()) {
            return new Refused(trials.stream()
                    .map(trial -> trial.name() + ": " + trial.alternative().remark())
                    .collect(Collectors.joining("\n", "no division fits\n", "")));
        }
        boolean pays = distributed.isPresent()
                && (alone.plan().isEmpty() || value(request, distributed.get()) < value(request, alone) * ROUNDING);
        Trial chosen = pays ? distributed.get() : alone;
        return new Planned(
                chosen.plan().orElseThrow(),
                trials.stream().map(Trial::alternative).toList(),
                explanation(request, alone, distributed, pays));
    }

    private static String explanation(
            PlanRequest request, Trial alone, Optional<Trial> distributed, boolean distributionPays) {
        if (distributed.isEmpty()) {
            return "single: there is no way to distribute the model here";
        }
        String name = distributed.get().name();
        if (alone.plan().isEmpty()) {
            return name + ": the model does not fit on one node";
        }
        String comparison = String.format(
                Locale.ROOT,
                "%s against %s %s on the best single core group",
                request.objective().words(value(request, distributed.get())),
                request.objective().words(value(request, alone)),
                request.objective().isOfOneRequest() ? "per request" : "between requests");
        return distributionPays
                ? name + ": " + comparison
                : "single: distribution does not pay, the best is " + name + " with " + comparison;
    }

    private static double value(PlanRequest request, Trial trial) {
        return request.objective().value(trial.plan().orElseThrow().predicted());
    }
}
