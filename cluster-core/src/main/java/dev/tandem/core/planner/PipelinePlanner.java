package dev.tandem.core.planner;

import dev.tandem.core.cost.EnergyModel;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.ChainProblem.Links;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A chain of exactly {@link PlanRequest#maxNodes()} stages, each whole on the fastest core group of a node of its own.
 *
 * <p>Exact over all choices of allowed cuts, nodes and their order within memory limits, for up to eight nodes (of more,
 * the eight fastest are looked at), when costs are those of a chain: tensors that cross several cuts are charged on the
 * link between every two stages that they pass, all model inputs on the link to the first stage, all model outputs on
 * that from the last. For a plan in which no tensor bypasses a stage this is what {@link
 * dev.tandem.core.cost.PlanScorer} says; for others the plan itself sends straight, and its score may differ from what
 * was minimised. For an energy objective the better one of the plans with the least latency and with the best throughput is
 * taken. Where a plan needs a link that is missing, the best is taken of those chains in which every node is
 * linked to all later ones. Of the plans with the best throughput the one with the least latency is taken.
 */
public final class PipelinePlanner implements Planner {

    /** Of more nodes the fastest are looked at. */
    public static final int MOST_STAGES = ChainSearch.MOST_NODES;

    /** How much more a chain may cost than what is known: what plans that send straight can save. */
    private static final double PASSING = 1.1;

    /** Room for rounding when a bottleneck is found again by adding in another order. */
    private static final double ROUNDING = 1 + 1e-12;

    @Override
    public PlanResult plan(PlanRequest request) {
        List<PlanResult> results = aims(request.objective()).stream()
                .map(aim -> planAimed(request.with(aim, request.maxNodes())))
                .toList();
        return results.stream()
                .filter(Planned.class::isInstance)
                .map(Planned.class::cast)
                .min(Comparator.comparingDouble(planned -> value(request, planned.plan())))
                .<PlanResult>map(planned -> planned)
                .orElseGet(() -> results.get(0));
    }

    /** What chains are searched for. */
    private static List<Objective> aims(Objective objective) {
        return objective.needsPower() ? List.of(Objective.LATENCY, Objective.THROUGHPUT) : List.of(objective);
    }

    private static double value(PlanRequest request, Plan plan) {
        return request.objective().value(plan.predicted());
    }

    private static PlanResult planAimed(PlanRequest request) {
        int stages = request.maxNodes();
        ChainProblem problem = new ChainProblem(request);
        return structuralRefusal(request, problem, stages)
                .<PlanResult>map(Refused::new)
                .or(() -> plan(request, problem, search(request, problem, Links.NEIGHBOURS, stages), stages)
                        .map(plan -> Draft.planned(plan, name(stages)))
                        .map(PlanResult.class::cast))
                .orElseGet(() -> new Refused(refusal(request, problem, stages)));
    }

    /** The best plan of each number of stages that fits, from 2 to the request's most nodes. */
    public List<Plan> upToMaxNodes(PlanRequest request) {
        return upToMaxNodes(request, Double.POSITIVE_INFINITY);
    }

    /**
     * The same, but for those that the search finds to be no better than what is known.
     *
     * @param known value of the objective that is reached already; infinite for none
     */
    public List<Plan> upToMaxNodes(PlanRequest request, double known) {
        Map<Integer, Plan> best = new TreeMap<>();
        for (Objective aim : aims(request.objective())) {
            upToMaxNodesAimed(request.with(aim, request.maxNodes()), limit(request, aim, known))
                    .forEach(plan -> best.merge(
                            plan.lanes().get(0).stages().size(),
                            plan,
                            (one, other) -> value(request, other) < value(request, one) ? other : one));
        }
        return List.copyOf(best.values());
    }

    /**
     * What a chain may cost to be better than what is known. A plan sends tensors that pass stages by straight, and may take
     * less than its chain.
     */
    private static double limit(PlanRequest request, Objective aim, double known) {
        if (aim == Objective.THROUGHPUT && request.objective() != aim) {
            return Double.POSITIVE_INFINITY;
        }
        double idleWatts = request.cost().energy().map(EnergyModel::idleWatts).orElse(0.0);
        return PASSING
                * switch (request.objective()) {
                    case LATENCY, THROUGHPUT -> known;
                    case ENERGY -> known / idleWatts;
                    case ENERGY_DELAY -> Math.sqrt(known / idleWatts);
                };
    }

    private static List<Plan> upToMaxNodesAimed(PlanRequest request, double limit) {
        ChainProblem problem = new ChainProblem(request);
        int most = Math.min(request.maxNodes(), Math.min(problem.nodes().size(), problem.cuts() + 1));
        List<Plan> plans = new ArrayList<>();
        if (most >= 2) {
            ChainSearch search = search(request, problem, Links.NEIGHBOURS, most, limit);
            for (int stages = 2; stages <= most; stages++) {
                plan(request, problem, search, stages).ifPresent(plans::add);
            }
        }
        return List.copyOf(plans);
    }

    /** Such a division in words. */
    public static String name(int stages) {
        return "pipeline over " + stages + (stages == 1 ? " node" : " nodes");
    }

    private static ChainSearch search(PlanRequest request, ChainProblem problem, Links links, int most) {
        return search(request, problem, links, most, Double.POSITIVE_INFINITY);
    }

    private static ChainSearch search(PlanRequest request, ChainProblem problem, Links links, int most, double limit) {
        ChainCosts costs = request.objective() == Objective.LATENCY
                ? problem.latency(Double.POSITIVE_INFINITY, links)
                : problem.bottleneck(links);
        return new ChainSearch(costs, most, limit);
    }

    /** @param search of links between neighbours */
    private static Optional<Plan> plan(PlanRequest request, ChainProblem problem, ChainSearch search, int stages) {
        Optional<Plan> best = plan(request, problem, Links.NEIGHBOURS, search, stages);
        if (best.isEmpty() || runs(best.get())) {
            return best;
        }
        ChainSearch linked = search(request, problem, Links.ALL_LATER, stages);
        return plan(request, problem, Links.ALL_LATER, linked, stages).filter(PipelinePlanner::runs);
    }

    private static Optional<Plan> plan(
            PlanRequest request, ChainProblem problem, Links links, ChainSearch search, int stages) {
        double cost = search.cost(stages);
        if (cost == Double.POSITIVE_INFINITY) {
            return Optional.empty();
        }
        ChainSearch chosen = request.objective() == Objective.LATENCY
                ? search
                : new ChainSearch(problem.latency(cost * ROUNDING, links), stages);
        return chosen.chain(stages).map(problem::plan);
    }

    /** A tensor that passes stages by may need a link that is not there. */
    private static boolean runs(Plan plan) {
        return Double.isFinite(plan.predicted().latencySeconds());
    }

    private static Optional<String> structuralRefusal(PlanRequest request, ChainProblem problem, int stages) {
        if (stages > problem.nodes().size()) {
            return Optional.of(stages + " stages need as many nodes, but there are "
                    + problem.nodes().size()
                    + (problem.nodes().size() == ChainSearch.MOST_NODES ? " (no more are looked at)" : "")
                    + ". Maybe ask for fewer nodes.");
        }
        if (stages - 1 > problem.cuts()) {
            return Optional.of(stages + " stages need " + (stages - 1) + " cuts, but model "
                    + request.graph().name() + " may be cut in " + problem.cuts() + " places"
                    + forbidden(request) + ". Maybe ask for fewer nodes.");
        }
        return Optional.empty();
    }

    private static String forbidden(PlanRequest request) {
        return request.graph().cuts().stream()
                .flatMap(cut -> cut.refusal().stream())
                .findFirst()
                .map(reason -> " (elsewhere: " + reason + ")")
                .orElse("");
    }

    private static String refusal(PlanRequest request, ChainProblem problem, int stages) {
        ChainSearch search = new ChainSearch(problem.missingMemory(), stages);
        double missing = search.cost(stages);
        if (missing == 0) {
            return "no " + stages + " nodes with enough memory are linked to each other and to the gateway on "
                    + request.gatewayNode() + ". Maybe ask for fewer nodes.";
        }
        String lacks = search.chain(stages).orElseThrow().stream()
                .filter(link -> lack(problem, link) > 0)
                .map(link -> words(problem, link))
                .collect(Collectors.joining("; "));
        return "no division of model " + request.graph().name() + " into " + stages + " stages fits in memory: "
                + Draft.bytes((long) missing) + " are missing in the best one: " + lacks
                + ". Maybe use more nodes or a smaller variant.";
    }

    private static String words(ChainProblem problem, ChainSearch.Link link) {
        Node node = problem.nodes().get(link.node());
        return node.id() + " has " + Draft.bytes(node.memoryBytes()) + ", layers "
                + problem.segment(link).from() + " to " + (problem.segment(link).to() - 1) + " need "
                + Draft.bytes(problem.memoryBytes(link.from(), link.to())) + ", "
                + Draft.bytes(lack(problem, link)) + " more";
    }

    private static long lack(ChainProblem problem, ChainSearch.Link link) {
        return problem.memoryBytes(link.from(), link.to())
                - problem.nodes().get(link.node()).memoryBytes();
    }
}
