package dev.tandem.core.planner.choice;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.FleetPlanner;
import dev.tandem.core.planner.GatheredRowsPlanner;
import dev.tandem.core.planner.LanesPlanner;
import dev.tandem.core.planner.LowerBound;
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
import java.util.stream.Stream;

/**
 * Everything that is tried for a request, in the order of what it takes. The single core group, the cheap published schemes
 * and lanes always are, unless nothing can be better than what was found before; the others as long as the request's
 * budget lasts, and only where {@link LowerBound} does not say that they cannot be better. Used by one thread.
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

    private final boolean all;
    private final LowerBound bound;
    private final List<Trial> tried = new ArrayList<>();
    /** Of these only the best is among what was considered, and only where it is better than all others. */
    private final List<Trial> published = new ArrayList<>();

    private Trials(PlanRequest request, boolean all) {
        this.request = request;
        this.few = request.overFastest(FEW_NODES);
        this.all = all;
        this.bound = new LowerBound(request);
    }

    /**
     * The single core group first; of the published schemes only one that beats all others.
     *
     * @param all also what cannot be better than what was found before
     */
    static List<Trial> of(PlanRequest request, boolean all) {
        Trials trials = new Trials(request, all);
        trials.tried.add(new Trial("single", new SinglePlanner().plan(request)));
        trials.tryFleet();
        if (trials.mayBeBetter(trials.bound.value())) {
            trials.tryOthers();
        }
        trials.bestPublished().ifPresent(trials.tried::add);
        trials.addRefusedPipelines();
        return List.copyOf(trials.tried);
    }

    private void tryOthers() {
        tryCoarseRows();
        tryPublished(Baselines.cheap());
        tryLanes();
        tryPipelines();
        tryRows();
        tryHybrid();
        tryPublished(Baselines.costly(request.topology()));
    }

    /** Whether a plan of a kind that cannot have less than this may be better than all so far. */
    private boolean mayBeBetter(double least) {
        return all || least < known() * ROUNDING;
    }

    private double known() {
        return Stream.concat(tried.stream(), published.stream())
                .mapToDouble(trial -> trial.value(request))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private void tryPublished(Map<String, Planner> planners) {
        planners.forEach((name, planner) -> {
            boolean isCheap = Baselines.cheap().containsKey(name);
            if (isCheap || (!request.budget().isSpent() && mayBeBetter(leastOfPublished(name)))) {
                Trial trial = trial(name, planner.plan(few));
                if (trial.plan()
                        .filter(plan -> mostShards(plan) <= request.shards())
                        .isPresent()) {
                    published.add(trial);
                }
            }
        });
    }

    /** Slower ones have one lane; most have one core group of a node. */
    private double leastOfPublished(String name) {
        boolean usesAllGroups = Baselines.usesAllCoreGroups(name);
        return bound.onGroupsInOneLane(
                usesAllGroups ? Integer.MAX_VALUE : few.topology().nodes().size());
    }

    private void tryPipelines() {
        int most = Math.min(PipelinePlanner.MOST_STAGES, request.maxNodes());
        if (!request.budget().isSpent() && mayBeBetter(bound.onGroupsInOneLane(most))) {
            double limit = all ? Double.POSITIVE_INFINITY : known() * ROUNDING;
            new PipelinePlanner().upToMaxNodes(request, limit).forEach(plan -> {
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
        boolean fits = Double.isFinite(known());
        for (int stages = 2; stages <= most && !fits && !request.budget().isSpent(); stages++) {
            PlanRequest chain = request.with(Scheme.PIPELINE, stages, request.shards());
            tried.add(new Trial(PipelinePlanner.name(stages), new PipelinePlanner().plan(chain)));
        }
    }

    /** Cheap, and where there was no time for anything better the most that can be answered. */
    private void tryLanes() {
        if (request.objective() == Objective.THROUGHPUT && mayBeBetter(bound.onGroups(FEW_GROUPS))) {
            tried.add(new Trial("lanes", new LanesPlanner().plan(request)));
        }
    }

    /** A first guess, so that a small budget is not spent without one. */
    private void tryCoarseRows() {
        for (int shards = 2; shards <= mostRowShards() && !request.budget().isSpent(); shards *= 2) {
            if (mayBeBetter(bound.onGroupsInOneLane(shards))) {
                PlanRequest divided = few.with(Scheme.ROWS, few.maxNodes(), shards);
                Trial trial = trial(RowsPlanner.name(shards) + ", few cuts", new RowsPlanner().planCoarsely(divided));
                if (trial.plan().isPresent()) {
                    published.add(trial);
                }
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
            if (mayBeBetter(bound.onGroupsInOneLane(shards))) {
                PlanRequest divided = few.with(Scheme.ROWS, few.maxNodes(), shards);
                tried.add(trial(RowsPlanner.name(shards), new RowsPlanner().planFreely(divided)));
            }
        }
        if (most > 1 && !areAllLinked() && !request.budget().isSpent()) {
            tried.add(trial(
                    "gathered rows", GatheredRowsPlanner.withWorkingLeader().plan(few)));
        }
    }

    /** Looks only for what is better than all so far. */
    private void tryHybrid() {
        if (!request.budget().isSpent() && mayBeBetter(bound.onGroupsInOneLane(Integer.MAX_VALUE))) {
            double known = all ? knownOfOwn() : known();
            HybridPlanner.quick(request)
                    .best(request, known * ROUNDING)
                    .ifPresent(plan -> tried.add(new Trial("hybrid", Draft.planned(plan, "hybrid"))));
        }
    }

    private double knownOfOwn() {
        return tried.stream().mapToDouble(trial -> trial.value(request)).min().orElse(Double.POSITIVE_INFINITY);
    }

    /** The best plan of the published schemes, where it is better than all that was tried. */
    private Optional<Trial> bestPublished() {
        double best = knownOfOwn();
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
