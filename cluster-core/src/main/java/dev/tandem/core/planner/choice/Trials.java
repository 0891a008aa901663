package dev.tandem.core.planner.choice;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.FleetPlanner;
import dev.tandem.core.planner.GatheredRowsPlanner;
import dev.tandem.core.planner.LanesPlanner;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.RowsPlanner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.planner.hybrid.HybridPlanner;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is tried for a request, in the order of what it takes. The single core group and the cheap published
 * schemes always are; the others as long as the request's budget lasts. Used by one thread.
 */
final class Trials {

    /** A gain below rounding is none. */
    static final double ROUNDING = 1 - 1e-9;

    /** Nodes beyond which only planners that are made for many look at all of them. */
    private static final int FEW_NODES = 16;

    /** Core groups that lanes are dealt out to exactly. */
    private static final int FEW_GROUPS = 8;

    private final PlanRequest request;
    /** On few of the nodes, where there are many. */
    private final PlanRequest few;

    private final List<Trial> tried = new ArrayList<>();
    /** Of these only the best is among what was considered, and only where it is better than all others. */
    private final List<Trial> published = new ArrayList<>();

    private Trials(PlanRequest request) {
        this.request = request;
        this.few = request.overFastest(FEW_NODES);
    }

    /** The single core group first; of the published schemes only one that beats all others. */
    static List<Trial> of(PlanRequest request) {
        Trials trials = new Trials(request);
        trials.tried.add(new Trial("single", new SinglePlanner().plan(request)));
        trials.tryFleet();
        trials.tryCoarseRows();
        trials.tryPublished(Baselines.cheap());
        trials.tryLanes();
        trials.tryPipelines();
        trials.tryRows();
        trials.tryHybrid();
        trials.tryPublished(Baselines.costly(request.topology()));
        trials.bestPublished().ifPresent(trials.tried::add);
        trials.addRefusedPipelines();
        return List.copyOf(trials.tried);
    }

    private void tryPublished(Map<String, Planner> planners) {
        planners.forEach((name, planner) -> {
            if (Baselines.cheap().containsKey(name) || !request.budget().isSpent()) {
                Trial trial = trial(name, planner.plan(few));
                if (trial.plan()
                        .filter(plan -> mostShards(plan) <= request.shards())
                        .isPresent()) {
                    published.add(trial);
                }
            }
        });
    }

    private void tryPipelines() {
        if (!request.budget().isSpent()) {
            new PipelinePlanner().upToMaxNodes(request).forEach(plan -> {
                String name = PipelinePlanner.name(plan.lanes().get(0).stages().size());
                tried.add(new Trial(name, Draft.planned(plan, name)));
            });
        }
    }

    private void tryFleet() {
        boolean hasMany = request.topology().coreGroups().size() > FEW_GROUPS;
        if (request.objective() == Objective.THROUGHPUT && hasMany) {
            tried.add(new Trial("fleet", new FleetPlanner().plan(request)));
        }
    }

    /** Where nothing fits, why no pipeline does: a longer one need not lack less than a shorter one. */
    private void addRefusedPipelines() {
        int most = Math.min(
                Math.min(request.maxNodes(), PipelinePlanner.MOST_STAGES),
                request.topology().nodes().size());
        boolean fits = tried.stream().anyMatch(trial -> trial.plan().isPresent());
        for (int stages = 2; stages <= most && !fits && !request.budget().isSpent(); stages++) {
            PlanRequest chain = request.with(Scheme.PIPELINE, stages, request.shards());
            tried.add(new Trial(PipelinePlanner.name(stages), new PipelinePlanner().plan(chain)));
        }
    }

    private void tryLanes() {
        if (request.objective() == Objective.THROUGHPUT && !request.budget().isSpent()) {
            tried.add(new Trial("lanes", new LanesPlanner().plan(request)));
        }
    }

    /** A first guess, so that a small budget is not spent without one. */
    private void tryCoarseRows() {
        for (int shards = 2; shards <= mostRowShards() && !request.budget().isSpent(); shards *= 2) {
            PlanRequest divided = few.with(Scheme.ROWS, few.maxNodes(), shards);
            Trial trial = trial(RowsPlanner.name(shards) + ", few cuts", new RowsPlanner().planCoarsely(divided));
            if (trial.plan().isPresent()) {
                published.add(trial);
            }
        }
    }

    private int mostRowShards() {
        return Math.min(
                Math.min(few.shards(), few.maxNodes()), few.topology().nodes().size());
    }

    private void tryRows() {
        int most = mostRowShards();
        for (int shards = 2; shards <= most && !request.budget().isSpent(); shards++) {
            PlanRequest divided = few.with(Scheme.ROWS, few.maxNodes(), shards);
            tried.add(trial(RowsPlanner.name(shards), new RowsPlanner().planFreely(divided)));
        }
        if (most > 1 && !areAllLinked() && !request.budget().isSpent()) {
            tried.add(trial(
                    "gathered rows", GatheredRowsPlanner.withWorkingLeader().plan(few)));
        }
    }

    /** Looks only for what is better than all so far. */
    private void tryHybrid() {
        if (!request.budget().isSpent()) {
            double known = tried.stream()
                    .mapToDouble(trial -> trial.value(request))
                    .min()
                    .orElse(Double.POSITIVE_INFINITY);
            HybridPlanner.quick(request)
                    .best(request, known * ROUNDING)
                    .ifPresent(plan -> tried.add(new Trial("hybrid", Draft.planned(plan, "hybrid"))));
        }
    }

    /** The best plan of the published schemes, where it is better than all that was tried. */
    private Optional<Trial> bestPublished() {
        double best =
                tried.stream().mapToDouble(trial -> trial.value(request)).min().orElse(Double.POSITIVE_INFINITY);
        return published.stream()
                .min(Comparator.comparingDouble(trial -> trial.value(request)))
                .filter(trial -> trial.value(request) < best * ROUNDING);
    }

    private boolean areAllLinked() {
        List<Node> nodes = few.topology().nodes();
        return nodes.stream().allMatch(from -> nodes.stream()
                .allMatch(to -> Double.isFinite(request.cost().transferSeconds(from.id(), to.id(), 0))));
    }

    /** What was planned for few of the nodes is scored as a plan for all: the others are idle, which takes energy. */
    private Trial trial(String name, PlanResult result) {
        return new Trial(
                name,
                hasMany() && result instanceof Planned planned
                        ? Draft.planned(
                                Draft.ofLanes(
                                        request,
                                        planned.plan().scheme(),
                                        planned.plan().lanes()),
                                name)
                        : result);
    }

    private boolean hasMany() {
        return few.topology().nodes().size() < request.topology().nodes().size();
    }

    private static int mostShards(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .mapToInt(stage -> stage.shards().size())
                .max()
                .orElse(0);
    }
}
