package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A segment of one output whose rows are dealt to workers and gathered again: how long each worker takes for any rows,
 * with what it is sent and what it sends, and the rows with which the slowest takes the least. Used by one thread.
 */
final class GatheredBlock {

    /** More workers than these are taken in the order given: the orders of them all are too many to try. */
    private static final int MOST_PERMUTED = 4;

    /** Whom the rows come from and go to. */
    record Ends(String source, String sink) {}

    /** What rows of the output need of the inputs. */
    private record Need(long inputBytes, boolean isPaddingAlone) {}

    private record Part(int worker, Interval rows) {}

    /** Workers in the order of their rows, and how many rows each has. */
    private record Division(List<CoreGroup> workers, List<Integer> rows, double seconds) {}

    private final ModelGraph graph;
    private final CostModel cost;
    private final Segment segment;
    private final Ends ends;
    private final List<CoreGroup> workers;
    private final TensorSpec output;
    private final Map<Interval, Need> needs = new HashMap<>();
    private final Map<Part, Double> seconds = new HashMap<>();
    private final Division best;

    GatheredBlock(PlanRequest request, Segment segment, Ends ends, List<CoreGroup> workers) {
        this.graph = request.graph();
        this.cost = request.cost();
        this.segment = segment;
        this.ends = ends;
        this.workers = workers;
        this.output = graph.outputs(segment).get(0);
        this.best = orders().stream()
                .map(this::divide)
                .min(Comparator.comparingDouble(Division::seconds))
                .orElseThrow();
    }

    /** Until the sink has all rows, when transfers do not wait for each other. */
    double seconds() {
        return best.seconds();
    }

    Stage stage() {
        List<CoreGroup> busy = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int part = 0; part < best.rows().size(); part++) {
            if (best.rows().get(part) > 0) {
                busy.add(best.workers().get(part));
                shares.add((double) best.rows().get(part));
            }
        }
        if (busy.size() == 1) {
            return Draft.undivided(graph, segment, busy.get(0).id());
        }
        List<ShardRegions> regions = Divisibility.divide(graph, segment, shares);
        return new Stage(
                segment,
                IntStream.range(0, busy.size())
                        .mapToObj(shard -> new Shard(
                                busy.get(shard).id(),
                                regions.get(shard).inputs(),
                                regions.get(shard).outputs()))
                        .toList());
    }

    private Division divide(List<Integer> order) {
        RowShares.PartSeconds times = (part, from, to) -> seconds(order.get(part), from, to);
        List<Integer> rows = RowShares.balanced(output.rows(), order.size(), times);
        return new Division(order.stream().map(workers::get).toList(), rows, RowShares.slowestSeconds(rows, times));
    }

    /** Outer parts have halo rows on one side only, so that the order of unlike workers counts. */
    private List<List<Integer>> orders() {
        List<List<Integer>> orders = new ArrayList<>(List.of(List.of()));
        for (int place = 0; place < workers.size(); place++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> order : orders) {
                IntStream.range(0, workers.size())
                        .filter(worker -> !order.contains(worker) && isFirstOfItsKind(worker, order))
                        .limit(workers.size() > MOST_PERMUTED ? 1 : workers.size())
                        .mapToObj(worker -> with(order, worker))
                        .forEach(longer::add);
            }
            orders = longer;
        }
        return orders;
    }

    private boolean isFirstOfItsKind(int worker, List<Integer> order) {
        return IntStream.range(0, worker).noneMatch(other -> !order.contains(other) && areAlike(other, worker));
    }

    private boolean areAlike(int one, int other) {
        double rateOfOne = workers.get(one).multiplyAddsPerSecond();
        return rateOfOne == workers.get(other).multiplyAddsPerSecond()
                && seconds(one, 0, output.rows()) == seconds(other, 0, output.rows())
                && seconds(one, 0, 1) == seconds(other, 0, 1);
    }

    private static List<Integer> with(List<Integer> order, int worker) {
        List<Integer> longer = new ArrayList<>(order);
        longer.add(worker);
        return longer;
    }

    private double seconds(int worker, int from, int to) {
        return seconds.computeIfAbsent(
                new Part(worker, new Interval(from, to)), part -> seconds(workers.get(worker), part.rows()));
    }

    private double seconds(CoreGroup worker, Interval rows) {
        Need need = needs.computeIfAbsent(rows, this::need);
        if (need.isPaddingAlone()) {
            return Double.POSITIVE_INFINITY;
        }
        String node = worker.id().node();
        return cost.transferSeconds(ends.source(), node, need.inputBytes())
                + cost.computeSeconds(worker, segment, outputs(rows))
                + cost.transferSeconds(node, ends.sink(), output.bytes() / output.rows() * rows.length());
    }

    private Need need(Interval owned) {
        RegionSweep sweep = RegionSweep.over(graph, segment, outputs(owned));
        long bytes = graph.inputs(segment).stream()
                .mapToLong(input -> sweep.bytes(graph.index().number(input.name())))
                .sum();
        return new Need(bytes, sweep.readsPaddingAlone());
    }

    private Map<String, Region> outputs(Interval rows) {
        return Map.of(output.name(), rows.length() == output.rows() ? Region.WHOLE : Region.rows(rows));
    }
}
