package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.SegmentTimes;
import dev.tandem.core.cost.ShardSweep;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.AxisSweep;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request seen as stages over fixed core groups, each divided along rows or undivided on the fastest group.
 *
 * <p>Candidate positions are allowed cuts with one crossing tensor, the cheapest of each height in each of so many parts of
 * equal time, those in front of layers that read all rows, and the end of the longest divisible segment from the model's
 * start on: stages are pairs of positions. What
 * divided ones take comes from one walk backwards from each end. Used by one thread.
 */
final class RowsProblem {

    /** A stage between two candidate positions. */
    record Span(int from, int to, boolean divided) {}

    /** Where a cut is by time, and how many rows the tensor has that crosses there; 0 without any. */
    private record PartOfHeight(int part, int rows) {}

    /** What the shards of a divided stage do: the time of the slowest, and what they read of what crosses its beginning. */
    private record Division(double seconds, List<List<Interval>> needed) {}

    private final PlanRequest request;
    private final ModelGraph graph;
    private final CostModel cost;
    private final List<CoreGroup> groups;
    private final RowCuts cuts;
    private final CoreGroup fastest;
    private final SegmentTimes undivided;
    private final int[] layers;
    /** By the positions where a stage begins and ends; null where it cannot be divided so. */
    private final @Nullable Division[][] divisions;
    /** Tensors that cross each candidate position; at the first the model inputs. */
    private final List<List<TensorSpec>> crossing = new ArrayList<>();

    private final String[] dividedNodes;
    private final String[] undividedNode;

    /** @param partsOfTime in each of which one cut of each height is looked at */
    RowsProblem(PlanRequest request, List<CoreGroup> groups, int partsOfTime) {
        this.request = request;
        this.graph = request.graph();
        this.cost = request.cost();
        this.groups = groups;
        this.cuts = new RowCuts(
                groups.stream().map(CoreGroup::multiplyAddsPerSecond).toList());
        this.fastest = groups.stream().min(fastestFirst(request)).orElseThrow();
        this.undivided = cost.times(fastest);
        this.dividedNodes = groups.stream().map(group -> group.id().node()).toArray(String[]::new);
        this.undividedNode = new String[] {fastest.id().node()};
        Stream<Integer> places = spreadCuts(partsOfTime).stream().map(Cut::position);
        Stream<Integer> ends = Divisibility.longest(graph, 0, groups.size()).map(Segment::to).stream();
        this.layers = Stream.of(
                        places, ends, reductions(), Stream.of(0, graph.layers().size()))
                .flatMap(positions -> positions)
                .mapToInt(Integer::intValue)
                .sorted()
                .distinct()
                .toArray();
        for (int position = 0; position < end(); position++) {
            Segment rest = new Segment(layers[position], graph.layers().size());
            crossing.add(position == 0 ? graph.inputs() : graph.inputs(rest));
        }
        this.divisions = new Division[end()][end() + 1];
        for (int to = 1; to <= end(); to++) {
            divideBefore(to);
        }
    }

    /** Of equally fast ones those beside the gateway come first: what they read and write need not travel. */
    static Comparator<CoreGroup> fastestFirst(PlanRequest request) {
        return Comparator.comparingDouble((CoreGroup group) -> -group.multiplyAddsPerSecond())
                .thenComparing(group -> !group.id().node().equals(request.gatewayNode()))
                .thenComparing(CoreGroup::id);
    }

    /** Index of the last candidate position, behind the last layer. */
    int end() {
        return layers.length - 1;
    }

    boolean isDivisible(int from, int to) {
        return divisions[from][to] != null;
    }

    /** Seconds of the layers between two positions, undivided on the fastest core group. */
    double undividedSeconds(int from, int to) {
        return undivided.computeSeconds(layers[from], layers[to]);
    }

    /** Seconds of a stage, that of its slowest shard; infinite where it cannot be divided so. */
    double computeSeconds(int from, int to, boolean divided) {
        if (!divided) {
            return undividedSeconds(from, to);
        }
        Division division = divisions[from][to];
        return division == null ? Double.POSITIVE_INFINITY : division.seconds();
    }

    /**
     * Seconds until a stage has all it needs of the tensors that cross its beginning.
     *
     * @param fromDivided whether the stage before is divided; of no matter for the first, which the gateway feeds
     */
    double enterSeconds(int from, int to, boolean divided, boolean fromDivided) {
        boolean ownedInParts = from > 0 && fromDivided;
        String[] producers = from == 0 ? new String[] {request.gatewayNode()} : nodes(fromDivided);
        String[] consumers = nodes(divided);
        long[][] bytes = new long[producers.length][consumers.length];
        for (int index = 0; index < crossing.get(from).size(); index++) {
            TensorSpec tensor = crossing.get(from).get(index);
            List<Interval> owned = owned(tensor, ownedInParts);
            for (int consumer = 0; consumer < consumers.length; consumer++) {
                addOverlaps(bytes, tensor, owned, needed(from, to, divided, index, consumer), consumer);
            }
        }
        return exchangeSeconds(producers, consumers, bytes);
    }

    /** Seconds until the gateway has the outputs of the last stage. */
    double exitSeconds(boolean fromDivided) {
        String[] producers = nodes(fromDivided);
        long[][] bytes = new long[producers.length][1];
        for (TensorSpec tensor : graph.outputs()) {
            addOverlaps(bytes, tensor, owned(tensor, fromDivided), whole(tensor), 0);
        }
        return exchangeSeconds(producers, new String[] {request.gatewayNode()}, bytes);
    }

    List<Stage> stages(List<Span> spans) {
        return spans.stream().map(this::stage).toList();
    }

    private Stage stage(Span span) {
        Segment segment = new Segment(layers[span.from()], layers[span.to()]);
        if (!span.divided()) {
            return Draft.undivided(graph, segment, fastest.id());
        }
        List<ShardRegions> regions = Divisibility.divide(graph, segment, cuts.shares());
        List<Shard> shards = IntStream.range(0, groups.size())
                .mapToObj(shard -> new Shard(
                        groups.get(shard).id(),
                        regions.get(shard).inputs(),
                        regions.get(shard).outputs()))
                .toList();
        return new Stage(segment, shards);
    }

    private void divideBefore(int to) {
        DividedTail tail = new DividedTail(cost, cuts, groups, layers[to]);
        for (int from = to - 1; from >= 0 && tail.reaches(layers[from]); from--) {
            if (tail.isDivided()) {
                divisions[from][to] = division(from, tail.shards());
            }
        }
    }

    private Division division(int from, List<ShardSweep> shards) {
        double slowest = 0;
        for (ShardSweep shard : shards) {
            slowest = Math.max(slowest, shard.computeSeconds());
        }
        List<List<Interval>> needed = new ArrayList<>();
        for (TensorSpec tensor : crossing.get(from)) {
            int number = graph.index().number(tensor.name());
            needed.add(shards.stream()
                    .map(shard -> needed(shard.needed().along(Axis.ROWS), tensor, number))
                    .toList());
        }
        return new Division(slowest, needed);
    }

    /**
     * The cheapest cut of each height in each of so many parts of equal time. The cheapest of all lie side by side near
     * the end; and where a few rows cannot be dealt out evenly, more rows, in front of a pooling, may.
     */
    private Collection<Cut> spreadCuts(int partsOfTime) {
        double first = undivided.computeSeconds(0, 1);
        double total = undivided.computeSeconds(0, graph.layers().size()) - first;
        Map<PartOfHeight, Cut> cheapest = new LinkedHashMap<>();
        for (Cut cut : graph.allowedCuts()) {
            if (cut.crossing().size() == 1) {
                double before = undivided.computeSeconds(0, cut.position()) - first;
                int part = (int) (partsOfTime * before / total);
                TensorSpec crosses = cut.crossing().get(0);
                PartOfHeight place = new PartOfHeight(part, crosses.isFeatureMap() ? crosses.rows() : 0);
                cheapest.merge(place, cut, (one, other) -> other.bytes() < one.bytes() ? other : one);
            }
        }
        return cheapest.values();
    }

    /** The last allowed cut in front of each layer that reads all rows: in front of it every shard's part is enough. */
    private Stream<Integer> reductions() {
        List<Integer> cuts = graph.allowedCuts().stream().map(Cut::position).toList();
        return IntStream.range(1, graph.layers().size())
                .filter(layer -> Divisibility.gathers(graph, Axis.ROWS, layer))
                .mapToObj(layer -> cuts.stream().filter(cut -> cut <= layer).max(Comparator.naturalOrder()))
                .flatMap(Optional::stream);
    }

    private String[] nodes(boolean divided) {
        return divided ? dividedNodes : undividedNode;
    }

    private List<Interval> owned(TensorSpec tensor, boolean divided) {
        return divided && tensor.isFeatureMap() && tensor.rows() >= groups.size()
                ? cuts.of(tensor.rows())
                : List.of(whole(tensor));
    }

    private static Interval needed(AxisSweep rows, TensorSpec tensor, int number) {
        if (!rows.isNeeded(number)) {
            return Interval.EMPTY;
        }
        int first = rows.first(number);
        return first < 0 ? whole(tensor) : new Interval(first, first + rows.length(number));
    }

    private Interval needed(int from, int to, boolean divided, int tensor, int consumer) {
        Division division = divided ? divisions[from][to] : null;
        return division == null
                ? whole(crossing.get(from).get(tensor))
                : division.needed().get(tensor).get(consumer);
    }

    private static Interval whole(TensorSpec tensor) {
        return new Interval(0, tensor.isFeatureMap() ? tensor.rows() : 1);
    }

    private static void addOverlaps(
            long[][] bytes, TensorSpec tensor, List<Interval> owned, Interval needed, int consumer) {
        long rowBytes = tensor.bytes() / Math.max(1, whole(tensor).length());
        for (int producer = 0; producer < owned.size(); producer++) {
            Interval part = owned.get(producer);
            int rows = Math.min(part.to(), needed.to()) - Math.max(part.from(), needed.from());
            bytes[producer][consumer] += rowBytes * Math.max(0, rows);
        }
    }

    /** As {@link dev.tandem.core.cost.PlanScorer} has it: pieces leave one after the other and travel side by side. */
    private double exchangeSeconds(String[] producers, String[] consumers, long[][] bytes) {
        double last = 0;
        for (int producer = 0; producer < producers.length; producer++) {
            String from = producers[producer];
            double departure = 0;
            for (int consumer = 0; consumer < consumers.length; consumer++) {
                long size = bytes[producer][consumer];
                if (size > 0 && !from.equals(consumers[consumer])) {
                    last = Math.max(last, departure + cost.transferSeconds(from, consumers[consumer], size));
                    departure += cost.sendSeconds(from, size);
                }
            }
        }
        return last;
    }
}
