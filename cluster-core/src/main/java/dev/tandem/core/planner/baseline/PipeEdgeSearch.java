package dev.tandem.core.planner.baseline;

import dev.tandem.core.cost.SegmentTimes;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link PipeEdge}'s dynamic programme, of the maximum of all parts for throughput or of their sum for latency, as
 * EdgeShard (arXiv 2405.14371) has both. A state is how many machines of each kind are used, as the digits of a number,
 * with the kind of the last one. What cannot end better than all layers on one machine is not carried on. Used by one
 * thread.
 */
final class PipeEdgeSearch {

    /** Combinations of used machines: those of eight unlike ones. */
    static final int MOST_STATES = 1 << 8;

    private static final int NONE = -1;

    /** Room for rounding when costs are added in another order. */
    private static final double ROUNDING = 1 + 1e-9;

    /** A stage between two positions on a machine of a kind. */
    record Step(int kind, int from, int to) {}

    /** The cheapest chains of one state, by position, all layers before the position computed. */
    private static final class Ways {
        final double[] cost;
        final int[] begin;
        final int[] previous;

        Ways(int positions) {
            cost = new double[positions];
            begin = new int[positions];
            previous = new int[positions];
            Arrays.fill(cost, Double.POSITIVE_INFINITY);
        }
    }

    private final Objective objective;
    private final PlanRequest request;
    private final CutCosts positions;
    private final List<MachineKind> kinds;
    /** What one machine of a kind adds to the number of a state. */
    private final int[] digit;

    private final int states;
    private final List<SegmentTimes> times;
    /** Least cost of the layers from each position on. */
    private final double[] rest;

    private final double limit;
    /** By state; null where nothing is reached. */
    private final @Nullable Ways[] ways;
    /** By used machines, whether a chain over them is known; over none there is. */
    private final boolean[] reached;
    /** Of one machine of each kind. */
    private final long[] memoryBytes;

    PipeEdgeSearch(PlanRequest request, CutCosts positions, List<MachineKind> kinds, Objective objective) {
        this.objective = objective;
        this.request = request;
        this.positions = positions;
        this.kinds = kinds;
        this.digit = new int[kinds.size()];
        int product = 1;
        for (int kind = 0; kind < digit.length; kind++) {
            digit[kind] = product;
            product *= kinds.get(kind).members().size() + 1;
        }
        this.states = product;
        times = kinds.stream()
                .map(kind -> request.cost().times(kind.members().get(0)))
                .toList();
        memoryBytes = kinds.stream()
                .map(kind -> kind.members().get(0).id().node())
                .mapToLong(node -> request.topology().node(node).orElseThrow().memoryBytes())
                .toArray();
        reached = new boolean[states];
        reached[0] = true;
        rest = rest();
        limit = onOneMachine() * ROUNDING;
        ways = new Ways[states * digit.length];
        double[] entered = new double[states];
        int[] before = new int[states];
        for (int from = 0; from < positions.end(); from++) {
            for (int kind = 0; kind < digit.length; kind++) {
                extend(kind, from, entered, before);
            }
        }
    }

    /** The stages of the least cost in order, if any fit. */
    Optional<List<Step>> steps() {
        int state = last();
        if (state == NONE) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        for (int to = positions.end(); to > 0; ) {
            int kind = state % digit.length;
            Ways last = Objects.requireNonNull(ways[state]);
            int from = last.begin[to];
            steps.add(0, new Step(kind, from, to));
            state = state(state / digit.length - digit[kind], last.previous[from]);
            to = from;
        }
        return Optional.of(List.copyOf(steps));
    }

    private int last() {
        int cheapest = NONE;
        double least = Double.POSITIVE_INFINITY;
        for (int state = 0; state < states * digit.length; state++) {
            Ways way = ways[state];
            double total = way == null ? least : join(way.cost[positions.end()], exit(state % digit.length));
            if (total < least) {
                least = total;
                cheapest = state;
            }
        }
        return cheapest;
    }

    private void extend(int kind, int from, double[] entered, int[] before) {
        double[] hops = hops(kind, from);
        double least = Double.POSITIVE_INFINITY;
        for (int used = 0; used < states; used++) {
            boolean isLeft = reached[used]
                    && count(used, kind) < kinds.get(kind).members().size();
            boolean isFree = isLeft && machines(used) < request.maxNodes();
            entered[used] = isFree ? enter(used, kind, from, hops, before) : Double.POSITIVE_INFINITY;
            least = Math.min(least, entered[used]);
        }
        if (canEndBelowLimit(least, from)) {
            double[] stage = stages(kind, from);
            for (int used = 0; used < states; used++) {
                if (canEndBelowLimit(entered[used], from)) {
                    Ways way = way(state(used + digit[kind], kind));
                    way.previous[from] = before[used];
                    extend(way, from, entered[used], stage);
                }
            }
        }
    }

    private boolean canEndBelowLimit(double cost, int from) {
        return cost < Double.POSITIVE_INFINITY && !(join(cost, rest[from]) > limit);
    }

    private double[] stages(int kind, int from) {
        double[] stage = new double[positions.end() + 1];
        for (int to = from + 1; to <= positions.end(); to++) {
            stage[to] = stageSeconds(kind, from, to);
        }
        return stage;
    }

    private double[] hops(int kind, int position) {
        double[] hops = new double[digit.length];
        for (int last = 0; last < hops.length && position > 0; last++) {
            hops[last] = hop(last, kind, position);
        }
        return hops;
    }

    private void extend(Ways way, int from, double entered, double[] stage) {
        boolean adds = objective.isOfOneRequest();
        for (int to = from + 1; to < stage.length; to++) {
            double candidate = adds ? entered + stage[to] : Math.max(entered, stage[to]);
            if (candidate < way.cost[to]) {
                way.cost[to] = candidate;
                way.begin[to] = from;
            }
        }
    }

    /** @param cheapest gets the kind of the machine before, by used machines */
    private double enter(int used, int kind, int from, double[] hops, int[] cheapest) {
        if (from == 0) {
            return used == 0
                    ? seconds(request.gatewayNode(), node(kind, 0), positions.bytes(0))
                    : Double.POSITIVE_INFINITY;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int last = 0; last < digit.length; last++) {
            Ways before = count(used, last) == 0 ? null : ways[state(used, last)];
            if (before != null && join(before.cost[from], hops[last]) < least) {
                least = join(before.cost[from], hops[last]);
                cheapest[used] = last;
            }
        }
        return least;
    }

    private Ways way(int state) {
        Ways way = ways[state];
        if (way == null) {
            way = new Ways(positions.end() + 1);
            ways[state] = way;
            reached[state / digit.length] = true;
        }
        return way;
    }

    /** The least cost of all layers on a machine that has the memory. */
    private double onOneMachine() {
        double least = Double.POSITIVE_INFINITY;
        for (int kind = 0; kind < digit.length; kind++) {
            double entry = seconds(request.gatewayNode(), node(kind, 0), positions.bytes(0));
            least = Math.min(least, join(join(entry, stageSeconds(kind, 0, positions.end())), exit(kind)));
        }
        return least;
    }

    private double[] rest() {
        double[] least = new double[positions.end() + 1];
        for (int from = positions.end() - 1; from >= 0 && objective.isOfOneRequest(); from--) {
            double seconds = Double.POSITIVE_INFINITY;
            for (SegmentTimes each : times) {
                seconds = Math.min(seconds, each.layerSeconds(positions.layer(from), positions.layer(from + 1)));
            }
            least[from] = least[from + 1] + seconds;
        }
        return least;
    }

    /** Between two machines, different ones where they are of one kind. */
    private double hop(int from, int to, int position) {
        boolean isOneOfAKind = from == to && kinds.get(to).members().size() < 2;
        return isOneOfAKind
                ? Double.POSITIVE_INFINITY
                : seconds(node(from, 0), node(to, from == to ? 1 : 0), positions.bytes(position));
    }

    private double exit(int kind) {
        return seconds(node(kind, 0), request.gatewayNode(), positions.bytes(positions.end()));
    }

    private double stageSeconds(int kind, int from, int to) {
        return positions.memoryBytes(from, to) > memoryBytes[kind]
                ? Double.POSITIVE_INFINITY
                : times.get(kind).computeSeconds(positions.layer(from), positions.layer(to));
    }

    private double seconds(String from, String to, long bytes) {
        return objective.isOfOneRequest()
                ? request.cost().transferSeconds(from, to, bytes)
                : request.cost().linkSeconds(from, to, bytes);
    }

    private double join(double one, double other) {
        return objective.isOfOneRequest() ? one + other : Math.max(one, other);
    }

    private String node(int kind, int member) {
        return kinds.get(kind).members().get(member).id().node();
    }

    private int count(int used, int kind) {
        return used / digit[kind] % (kinds.get(kind).members().size() + 1);
    }

    private int machines(int used) {
        int machines = 0;
        for (int kind = 0; kind < digit.length; kind++) {
            machines += count(used, kind);
        }
        return machines;
    }

    private int state(int used, int last) {
        return used * digit.length + last;
    }
}
