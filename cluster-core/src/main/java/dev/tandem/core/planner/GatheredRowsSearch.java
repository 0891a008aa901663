package dev.tandem.core.planner;

import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.GatheredBlock.Ends;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where blocks of layers, divided along rows over workers, begin and end, and what lies between them on the leader: the
 * least sum of their times, by dynamic programming. Used by one thread.
 */
final class GatheredRowsSearch {

    private static final int ON_LEADER = 0;
    private static final int ON_WORKERS = 1;
    private static final int STATES = 2;

    private final PlanRequest request;
    private final ModelGraph graph;
    private final CoreGroup leader;
    private final List<CoreGroup> workers;
    private final int[] layers;
    private final double[][] best;
    private final int[][] begin;
    private final GatheredBlock[] blocks;

    GatheredRowsSearch(PlanRequest request, CoreGroup leader, List<CoreGroup> workers) {
        this.request = request;
        this.graph = request.graph();
        this.leader = leader;
        this.workers = workers;
        this.layers = Stream.of(
                        Stream.of(0),
                        graph.allowedCuts().stream()
                                .filter(cut -> cut.crossing().size() == 1)
                                .map(Cut::position),
                        Stream.of(graph.layers().size()))
                .flatMap(positions -> positions)
                .mapToInt(Integer::intValue)
                .toArray();
        this.best = new double[layers.length][STATES];
        this.begin = new int[layers.length][STATES];
        this.blocks = new GatheredBlock[layers.length];
        Arrays.stream(best).skip(1).forEach(row -> Arrays.fill(row, Double.POSITIVE_INFINITY));
        for (int from = 0; from < end(); from++) {
            offerBlocks(from);
            for (int to = from + 1; to <= end(); to++) {
                offer(from, to, ON_LEADER, enterSeconds(from) + leaderSeconds(from, to) + exitSeconds(to));
            }
        }
    }

    /** Stages of the least time, at least one of them divided; none where there is no way. */
    Optional<List<Stage>> stages() {
        int state = best[end()][ON_WORKERS] < best[end()][ON_LEADER] ? ON_WORKERS : ON_LEADER;
        if (!Double.isFinite(best[end()][state])) {
            return Optional.empty();
        }
        List<Stage> stages = new ArrayList<>();
        for (int to = end(); to > 0; state = 1 - state) {
            int from = begin[to][state];
            stages.add(
                    state == ON_WORKERS
                            ? blocks[to].stage()
                            : Draft.undivided(graph, new Segment(layers[from], layers[to]), leader.id()));
            to = from;
        }
        Collections.reverse(stages);
        return Optional.of(List.copyOf(stages));
    }

    private int end() {
        return layers.length - 1;
    }

    /** Blocks begin at the model's inputs or in front of a layer with a kernel: what is before it costs nothing to leave. */
    private void offerBlocks(int from) {
        boolean begins = from == 0 || !(graph.layers().get(layers[from]).along(Axis.ROWS) instanceof Pointwise);
        int divisibleTo =
                Divisibility.longest(graph, layers[from], 2).map(Segment::to).orElse(0);
        if (!begins || !Double.isFinite(best[from][ON_LEADER])) {
            return;
        }
        for (int to = from + 1; to <= end() && layers[to] <= divisibleTo; to++) {
            Segment segment = new Segment(layers[from], layers[to]);
            if (Divisibility.refusal(graph, segment).isEmpty()) {
                GatheredBlock block = new GatheredBlock(request, segment, ends(from, to), workers);
                if (offer(from, to, ON_WORKERS, block.seconds())) {
                    blocks[to] = block;
                }
            }
        }
    }

    private Ends ends(int from, int to) {
        String node = leader.id().node();
        return new Ends(from == 0 ? request.gatewayNode() : node, to == end() ? request.gatewayNode() : node);
    }

    private boolean offer(int from, int to, int state, double seconds) {
        double candidate = best[from][1 - state] + seconds;
        if (!(candidate < best[to][state])) {
            return false;
        }
        best[to][state] = candidate;
        begin[to][state] = from;
        return true;
    }

    private double leaderSeconds(int from, int to) {
        return request.cost().computeSeconds(leader, new Segment(layers[from], layers[to]));
    }

    private double enterSeconds(int from) {
        return from > 0
                ? 0
                : request.cost()
                        .transferSeconds(request.gatewayNode(), leader.id().node(), graph.inputBytes());
    }

    private double exitSeconds(int to) {
        return to < end()
                ? 0
                : request.cost().transferSeconds(leader.id().node(), request.gatewayNode(), graph.outputBytes());
    }
}
