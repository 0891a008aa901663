package dev.tandem.core.planner;

import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two lanes or more, each the whole model as a chain of stages on core groups that no other lane uses, dealt requests in
 * proportion to what they can do: many requests at a time, none of them faster than its lane.
 *
 * <p>Tried with the fastest core group of each node, and with every core group for itself and an equal part of its node's
 * memory; the better plan is taken. For either, {@link LanePartition} finds the best way to deal the core groups out to
 * lanes, where a lane's bottleneck is what {@link PipelinePlanner} minimises. What lanes share is the gateway's network
 * card (and that of a node whose core groups are in several lanes, which the search does not see and the score does):
 * lanes beside the gateway do not use it and run at full rate, the others share what it carries. At most eight core
 * groups, the fastest, are looked at, and the nodes of a lane must all be linked to each other. Latency is no aim here: the lane with the
 * least alone is never worse. Nor is energy, but of the two plans an energy objective takes the one with less.
 */
public final class LanesPlanner implements Planner {

    @Override
    public PlanResult plan(PlanRequest request) {
        return Stream.of(request.topology().nodes(), seats(request.topology().nodes()))
                .distinct()
                .flatMap(candidates -> plan(request, candidates).stream())
                .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()))
                .min(Comparator.comparingDouble(plan -> aim(request.objective()).value(plan.predicted())))
                .<PlanResult>map(plan -> Draft.planned(plan, plan.lanes().size() + " lanes"))
                .orElseGet(() -> new Refused(refusal(request)));
    }

    private static String refusal(PlanRequest request) {
        long groups = Draft.together(request, node -> node.coreGroups().size());
        return groups < 2
                ? "two lanes need two core groups, but the nodes that a plan may use have " + groups
                        + ". Maybe ask for a single one."
                : "no two lanes fit: each needs the whole model, on one node or in pieces on several, with links to the"
                        + " gateway on " + request.gatewayNode() + ". " + Draft.supply(request, 2)
                        + ". Maybe ask for a pipeline.";
    }

    /** Which of the two plans: a short latency is no aim here. */
    private static Objective aim(Objective objective) {
        return objective == Objective.LATENCY ? Objective.THROUGHPUT : objective;
    }

    private static Optional<Plan> plan(PlanRequest request, List<Node> candidates) {
        ChainProblem problem = new ChainProblem(request, candidates);
        int mostStages = Math.min(problem.nodes().size(), problem.cuts() + 1);
        ChainSearch search = new ChainSearch(problem.bottleneck(ChainProblem.Links.ALL_LATER), mostStages);
        List<Integer> sets = LanePartition.best(problem.nodes(), request.maxNodes(), set -> 1 / search.costOver(set));
        if (sets.isEmpty()) {
            return Optional.empty();
        }
        double[] rates = sharedRates(request, problem.nodes(), sets, search);
        List<Lane> lanes = new ArrayList<>();
        for (int lane = 0; lane < rates.length; lane++) {
            double weight = rates[lane] / rates[0];
            search.chainOver(sets.get(lane))
                    .map(chain -> Draft.lane(request, weight, problem.stages(chain)))
                    .ifPresent(lanes::add);
        }
        return Optional.of(Draft.ofLanes(request, "lanes", lanes));
    }

    /** Requests per second of each lane, where those that need the gateway's network card share it. */
    private static double[] sharedRates(PlanRequest request, List<Node> nodes, List<Integer> sets, ChainSearch search) {
        double[] rates =
                sets.stream().mapToDouble(set -> 1 / search.costOver(set)).toArray();
        double most = 1 / request.gatewayCardSeconds();
        double wanted = IntStream.range(0, rates.length)
                .filter(lane -> !isBesideGateway(request, nodes, sets.get(lane)))
                .mapToDouble(lane -> rates[lane])
                .sum();
        double share = Math.min(1, most / wanted);
        for (int lane = 0; lane < rates.length; lane++) {
            rates[lane] *= isBesideGateway(request, nodes, sets.get(lane)) ? 1 : share;
        }
        return rates;
    }

    private static boolean isBesideGateway(PlanRequest request, List<Node> nodes, int set) {
        return IntStream.range(0, nodes.size())
                .filter(node -> (set & 1 << node) != 0)
                .allMatch(node -> nodes.get(node).id().equals(request.gatewayNode()));
    }

    /** Every core group as if it were a node, with its part of the memory. */
    private static List<Node> seats(List<Node> nodes) {
        return nodes.stream()
                .flatMap(node -> node.coreGroups().stream().map(group -> seat(node, group)))
                .toList();
    }

    private static Node seat(Node node, CoreGroup group) {
        return new Node(node.id(), node.memoryBytes() / node.coreGroups().size(), List.of(group)).on(node.processor());
    }
}
