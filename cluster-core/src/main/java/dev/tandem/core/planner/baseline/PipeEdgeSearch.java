package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Positions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@link PipeEdge}'s dynamic programme, of the maximum of all parts for throughput or of their sum for latency, as
 * EdgeShard (arXiv 2405.14371) has both. A state is how many machines of each kind are used, as the digits of a number,
 * with the kind of the last one. Used by one thread.
 */
final class PipeEdgeSearch {

    /** Combinations of used machines: those of eight unlike ones. */
    static final int MOST_STATES = 1 << 8;

    private static final int NONE = -1;

    /** A stage between two positions on a machine of a kind. */
    record Step(int kind, int from, int to) {}

    private final Objective objective;
    private final PlanRequest request;
    private final Positions positions;
    private final List<MachineKind> kinds;
    /** What one machine of a kind adds to the number of a state. */
    private final int[] digit;

    private final int states;
    private final double[][] best;
    private final int[][] begin;
    private final int[][] previous;

    PipeEdgeSearch(PlanRequest request, Positions positions, List<MachineKind> kinds, Objective objective) {
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
        best = new double[positions.end() + 1][states * digit.length];
        begin = new int[positions.end() + 1][states * digit.length];
        previous = new int[positions.end() + 1][states * digit.length];
        for (double[] row : best) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int from = 0; from < positions.end(); from++) {
            for (int kind = 0; kind < digit.length; kind++) {
                extend(kind, from);
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
            int from = begin[to][state];
            steps.add(0, new Step(kind, from, to));
            state = state(state / digit.length - digit[kind], previous[from][state]);
            to = from;
        }
        return Optional.of(List.copyOf(steps));
    }

    private int last() {
        int cheapest = NONE;
        double least = Double.POSITIVE_INFINITY;
        for (int state = 0; state < states * digit.length; state++) {
            double before = best[positions.end()][state];
            double total = join(before, exit(state % digit.length));
            if (total < least) {
                least = total;
                cheapest = state;
            }
        }
        return cheapest;
    }

    private void extend(int kind, int from) {
        double[] stage = new double[positions.end() + 1];
        for (int to = from + 1; to <= positions.end(); to++) {
            stage[to] = stageSeconds(kind, from, to);
        }
        for (int used = 0; used < states; used++) {
            boolean isLeft = count(used, kind) < kinds.get(kind).members().size();
            if (isLeft && machines(used) < request.maxNodes()) {
                extend(used, kind, from, stage);
            }
        }
    }

    private void extend(int used, int kind, int from, double[] stage) {
        int state = state(used + digit[kind], kind);
        double entered = enter(used, kind, from, state);
        for (int to = from + 1; to <= positions.end(); to++) {
            double candidate = join(entered, stage[to]);
            if (candidate < best[to][state]) {
                best[to][state] = candidate;
                begin[to][state] = from;
            }
        }
    }

    private double enter(int used, int kind, int from, int state) {
        if (from == 0) {
            return used == 0
                    ? seconds(request.gatewayNode(), node(kind, 0), positions.bytes(0))
                    : Double.POSITIVE_INFINITY;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int last = 0; last < digit.length; last++) {
            double before = count(used, last) == 0 ? Double.POSITIVE_INFINITY : best[from][state(used, last)];
            if (before < least) {
                double candidate = join(before, hop(last, kind, from));
                if (candidate < least) {
                    least = candidate;
                    previous[from][state] = last;
                }
            }
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
        CoreGroup group = kinds.get(kind).members().get(0);
        long memory = request.topology().node(group.id().node()).orElseThrow().memoryBytes();
        return positions.memoryBytes(from, to) > memory
                ? Double.POSITIVE_INFINITY
                : positions.computeSeconds(group, from, to);
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
