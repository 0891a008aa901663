package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * As many lanes as there are machines for: one on each core group whose node holds the whole model once more, and chains of
 * up to eight of the nodes that do not, in the order of their rates. The fastest lanes are taken until the gateway's network
 * card is full or the request's nodes are used up. Quick for thousands of nodes, and close to the best there is where most
 * nodes hold the model; {@link LanesPlanner} is exact for few. Latency is no aim here.
 */
public final class FleetPlanner implements Planner {

    private static final int CHAIN = 8;

    /** A lane that the network card lets do less of what it could is not worth its memory. */
    private static final double LEAST_SHARE = 1e-3;

    /** A way through the whole model. */
    private record Way(List<Stage> stages, double perSecond, boolean usesCard, Set<String> nodes) {}

    @Override
    public PlanResult plan(PlanRequest request) {
        List<Way> ways = new ArrayList<>();
        List<Node> small = new ArrayList<>();
        long whole = request.cost().memoryBytes(request.graph().whole());
        for (Node node : request.topology().nodes()) {
            if (node.memoryBytes() >= whole) {
                addWhole(request, node, node.memoryBytes() / whole, ways);
            } else {
                small.add(node);
            }
        }
        addChains(request, small, ways);
        List<Lane> lanes = lanes(request, ways);
        return lanes.size() < 2
                ? new Refused("no two lanes fit: each needs the whole model, " + Draft.bytes(whole)
                        + ", on one node or in pieces on up to " + CHAIN + ", with links to the gateway on "
                        + request.gatewayNode() + ". Maybe ask for a pipeline.")
                : Draft.planned(Draft.ofLanes(request, "lanes", lanes), lanes.size() + " lanes");
    }

    private static void addWhole(PlanRequest request, Node node, long copies, List<Way> ways) {
        List<CoreGroup> groups =
                node.coreGroups().stream().sorted(Draft.FASTEST).limit(copies).toList();
        CostModel cost = request.cost();
        double link = groups.size()
                * Math.max(
                        cost.linkSeconds(
                                request.gatewayNode(),
                                node.id(),
                                request.graph().inputBytes()),
                        cost.linkSeconds(
                                node.id(),
                                request.gatewayNode(),
                                request.graph().outputBytes()));
        for (CoreGroup group : groups) {
            double seconds =
                    Math.max(link, cost.computeSeconds(group, request.graph().whole()));
            if (Double.isFinite(seconds)) {
                Stage all = Draft.undivided(request.graph(), request.graph().whole(), group.id());
                boolean usesCard = !node.id().equals(request.gatewayNode());
                ways.add(new Way(List.of(all), 1 / seconds, usesCard, Set.of(node.id())));
            }
        }
    }

    private static void addChains(PlanRequest request, List<Node> small, List<Way> ways) {
        List<Node> byRate = small.stream()
                .sorted(Comparator.comparing(Draft::fastest, Draft.FASTEST))
                .toList();
        if (byRate.isEmpty()) {
            return;
        }
        CutCosts positions = new CutCosts(request);
        for (int from = 0; from < byRate.size() && !request.budget().isSpent(); from += CHAIN) {
            List<Node> nodes = byRate.subList(from, Math.min(byRate.size(), from + CHAIN));
            ChainProblem problem = new ChainProblem(request, nodes, positions);
            ChainCosts costs = problem.bottleneck(ChainProblem.Links.ALL_LATER);
            new OrderedChain(costs).chain().ifPresent(chain -> ways.add(way(problem, costs, chain)));
        }
    }

    private static Way way(ChainProblem problem, ChainCosts costs, List<ChainSearch.Link> chain) {
        Set<String> nodes = new HashSet<>();
        chain.forEach(link -> nodes.add(problem.nodes().get(link.node()).id()));
        return new Way(problem.stages(chain), 1 / OrderedChain.cost(costs, chain), true, nodes);
    }

    /** The fastest first, as long as there is room on the gateway's card. */
    private static List<Lane> lanes(PlanRequest request, List<Way> ways) {
        double room = 1 / request.gatewayCardSeconds();
        Set<String> used = new HashSet<>();
        List<Lane> lanes = new ArrayList<>();
        ways.sort(Comparator.comparingDouble(Way::perSecond).reversed());
        for (Way way : ways) {
            double perSecond = way.usesCard() ? Math.min(way.perSecond(), room) : way.perSecond();
            Set<String> all = new HashSet<>(used);
            all.addAll(way.nodes());
            if (all.size() <= request.maxNodes() && perSecond > way.perSecond() * LEAST_SHARE) {
                used = all;
                room -= way.usesCard() ? perSecond : 0;
                lanes.add(Draft.lane(request, perSecond, way.stages()));
            }
        }
        return List.copyOf(lanes);
    }
}
