package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The fewest bytes between stages that memory allows, then from every node on the best link to an unused one; the best
 * start is kept.
 *
 * <p>The greedy baseline of Parthasarathy and Krishnamachari (ITNAC 2022, arXiv 2210.12219). Certain, from their code:
 * the partition of the least sum of transfers under the memory of the smallest node, refused rather than searched further
 * when it has more parts than there are nodes; placement along the link of the highest bandwidth. Reconstructed: memory
 * and bytes are this cost model's (theirs count parameters as one byte and floats as eight), equal links are told apart
 * by the node's rate, and the best start is the one with the best score, compute and gateway links included, where they
 * look at transfers between stages only.
 */
final class GreedySplit implements Planner {

    private static final String NAME = "greedy";

    @Override
    public PlanResult plan(PlanRequest request) {
        List<CoreGroup> groups =
                request.topology().nodes().stream().map(Fleet::defaultProcessor).toList();
        CutCosts positions = new CutCosts(request);
        long capacity = request.topology().nodes().stream()
                .mapToLong(Node::memoryBytes)
                .min()
                .orElse(0);
        List<Integer> ends = partition(positions, capacity);
        int most = Math.min(request.maxNodes(), groups.size());
        if (ends.isEmpty() || ends.size() > most) {
            String parts = ends.isEmpty()
                    ? "no parts fit"
                    : "the parts with the fewest bytes between them are " + ends.size() + ", for at most " + most
                            + " nodes,";
            return new Refused(NAME + ": " + parts + " in the memory of the smallest node, " + Draft.bytes(capacity));
        }
        return groups.stream()
                .flatMap(start -> plan(request, positions, ends, start, groups).stream())
                .min(Comparator.comparingDouble(plan -> request.objective().value(plan.predicted())))
                .<PlanResult>map(plan -> Draft.planned(plan, NAME))
                .orElseGet(() -> new Refused(NAME + ": no node leads along the best links over " + ends.size()
                        + " nodes and back to the gateway on " + request.gatewayNode()));
    }

    /** Positions where the parts end, of the least bytes at all cuts together; none where no parts fit. */
    private static List<Integer> partition(CutCosts positions, long capacity) {
        double[] least = new double[positions.end() + 1];
        int[] begin = new int[positions.end() + 1];
        Arrays.fill(least, 1, least.length, Double.POSITIVE_INFINITY);
        for (int from = 0; from < positions.end(); from++) {
            double before = least[from] + (from == 0 ? 0 : positions.bytes(from));
            for (int to = from + 1; to <= positions.end(); to++) {
                if (before < least[to] && positions.memoryBytes(from, to) <= capacity) {
                    least[to] = before;
                    begin[to] = from;
                }
            }
        }
        List<Integer> ends = new ArrayList<>();
        if (Double.isFinite(least[positions.end()])) {
            for (int to = positions.end(); to > 0; to = begin[to]) {
                ends.add(0, to);
            }
        }
        return ends;
    }

    private static Optional<Plan> plan(
            PlanRequest request, CutCosts positions, List<Integer> ends, CoreGroup start, List<CoreGroup> groups) {
        StageChain chain = new StageChain(request.graph());
        List<CoreGroup> unused = new ArrayList<>(groups);
        CoreGroup place = start;
        for (int stage = 0, from = 0; stage < ends.size(); from = ends.get(stage++)) {
            unused.remove(place);
            chain.whole(positions.segment(from, ends.get(stage)), place);
            Optional<CoreGroup> next = next(request, place, unused);
            if (next.isEmpty() && stage + 1 < ends.size()) {
                return Optional.empty();
            }
            place = next.orElse(place);
        }
        return Optional.of(Draft.plan(request, NAME, chain.stages()))
                .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()));
    }

    private static Optional<CoreGroup> next(PlanRequest request, CoreGroup from, List<CoreGroup> unused) {
        return unused.stream()
                .filter(group -> bandwidth(request, from, group) > 0)
                .min(Comparator.comparingDouble((CoreGroup group) -> -bandwidth(request, from, group))
                        .thenComparing(Draft.FASTEST));
    }

    private static double bandwidth(PlanRequest request, CoreGroup from, CoreGroup to) {
        return request.topology()
                .link(from.id().node(), to.id().node())
                .map(Link::bandwidthBytesPerSecond)
                .orElse(0.0);
    }
}
