package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Blocks of layers divided along rows over workers that only the leader deals to and gathers from, and the layers between
 * them whole on the leader: for clusters whose workers reach the leader only, or whose leader is much better linked.
 *
 * <p>Which layers are a block and how many rows each worker gets is chosen for the least time of one request. With up to
 * four workers that is exact among such plans as long as transfers do not wait for each other at the leader's network
 * card, a block begins at a layer with a kernel, and a larger part never takes less time ({@link RowShares}); with more
 * workers the order of their rows is that of the topology. Where transfers do wait, the score says so. Whatever the
 * objective, the time of one request counts.
 */
public final class GatheredRowsPlanner implements Planner {

    private static final String NAME = "gathered rows";

    private final boolean leaderWorks;

    private GatheredRowsPlanner(boolean leaderWorks) {
        this.leaderWorks = leaderWorks;
    }

    /** The leader computes a part of the divided blocks as well. */
    public static GatheredRowsPlanner withWorkingLeader() {
        return new GatheredRowsPlanner(true);
    }

    /** The leader computes only what is not divided. */
    public static GatheredRowsPlanner withFreeLeader() {
        return new GatheredRowsPlanner(false);
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        Set<String> tooSmall = new HashSet<>();
        String lack = "no node reaches the gateway on " + request.gatewayNode() + " and back";
        while (true) {
            Optional<CoreGroup> leader = leader(request, tooSmall);
            List<CoreGroup> workers =
                    leader.map(group -> workers(request, group, tooSmall)).orElse(List.of());
            if (workers.isEmpty()) {
                return new Refused(NAME + ": " + lack);
            }
            Optional<Plan> plan = new GatheredRowsSearch(request, leader.orElseThrow(), workers)
                    .stages()
                    .map(stages -> plan(request, stages));
            if (plan.isEmpty()) {
                return new Refused(
                        NAME + ": no way to divide model " + request.graph().name() + " over "
                                + workers.stream().map(CoreGroup::id).toList());
            }
            Optional<Node> lacking = Draft.lacking(request, plan.get());
            if (lacking.isEmpty()) {
                return Draft.planned(plan.get(), NAME);
            }
            lack = tooSmall.isEmpty() ? Draft.lack(lacking.get(), plan.get()) : lack;
            tooSmall.add(lacking.get().id());
        }
    }

    private static Plan plan(PlanRequest request, List<Stage> stages) {
        return Draft.plan(request, "rows", stages);
    }

    /** On the gateway's node if that runs layers, else the fastest that reaches the gateway. */
    private static Optional<CoreGroup> leader(PlanRequest request, Set<String> without) {
        List<CoreGroup> candidates = request.topology().nodes().stream()
                .filter(node -> !without.contains(node.id()))
                .filter(node -> areLinked(request, node.id(), request.gatewayNode()))
                .map(Draft::fastest)
                .sorted(Draft.FASTEST)
                .toList();
        return candidates.stream()
                .filter(group -> group.id().node().equals(request.gatewayNode()))
                .findFirst()
                .or(() -> candidates.stream().findFirst());
    }

    private List<CoreGroup> workers(PlanRequest request, CoreGroup leader, Set<String> without) {
        List<CoreGroup> fastest = request.topology().nodes().stream()
                .filter(node -> !without.contains(node.id()))
                .filter(node -> areLinked(request, node.id(), leader.id().node())
                        && areLinked(request, node.id(), request.gatewayNode()))
                .map(Draft::fastest)
                .filter(group -> !group.equals(leader))
                .sorted(Draft.FASTEST)
                .limit(Math.min(request.maxNodes() - 1, leaderWorks ? request.shards() - 1 : request.shards()))
                .toList();
        return request.topology().coreGroups().stream()
                .filter(group -> fastest.contains(group) || (leaderWorks && group.equals(leader)))
                .toList();
    }

    private static boolean areLinked(PlanRequest request, String one, String other) {
        return Double.isFinite(request.cost().transferSeconds(one, other, 0))
                && Double.isFinite(request.cost().transferSeconds(other, one, 0));
    }
}
