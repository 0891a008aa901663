package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A request seen as stages over fixed core groups, each divided along rows or undivided on the fastest group.
 *
 * <p>Candidate positions are allowed cuts with one crossing tensor, the cheapest of each height in each of so many parts of
 * equal time, and the end of the longest divisible segment from the model's start on: stages are pairs of positions, and
 * each pair asks for a walk through its layers. Used by one thread.
 */
final class RowsProblem {

    /** A stage between two candidate positions. */
    record Span(int from, int to, boolean divided) {}

    /** How a stage is entered: from a divided stage or not. */
    private record Entry(Span span, boolean fromDivided) {}

    /** Where a cut is by time, and how many rows the tensor has that crosses there; 0 without any. */
    private record PartOfHeight(int part, int rows) {}

    /** What the shards of a stage do: rows of every tensor of each shard, and the time of the slowest. */
    private record Division(List<Map<String, Interval>> rows, double seconds) {}

    private final PlanRequest request;
    private final ModelGraph graph;
    private final CostModel cost;
    private final List<CoreGroup> groups;
    private final List<Double> shares;
    private final CoreGroup fastest;
    private final int[] layers;
    private final Map<Segment, Optional<Division>> divisions = new HashMap<>();
    /** Tensors that cross each candidate position; at the first the model inputs. */
    private final List<List<TensorSpec>> crossing = new ArrayList<>();
    /** The layer up to which a segment from each candidate position on can be divided, as far as its layers go. */
    private final int[] divisibleTo;

    private final Map<Entry, Double> enterSeconds = new HashMap<>();

    /** @param partsOfTime in each of which one cut of each height is looked at */
    RowsProblem(PlanRequest request, List<CoreGroup> groups, int partsOfTime) {
        this.request = request;
        this.graph = request.graph();
        this.cost = request.cost();
        this.groups = groups;
        this.shares = groups.stream().map(CoreGroup::multiplyAddsPerSecond).toList();
        this.fastest = groups.stream().min(fastestFirst(request)).orElseThrow();
        Stream<Integer> cuts = spreadCuts(partsOfTime).stream().map(Cut::position);
        Stream<Integer> ends = Divisibility.longest(graph, 0, groups.size()).map(Segment::to).stream();
        this.layers = Stream.of(cuts, ends, Stream.of(0, graph.layers().size()))
                .flatMap(positions -> positions)
                .mapToInt(Integer::intValue)
                .sorted()
                .distinct()
                .toArray();
        this.divisibleTo = new int[layers.length - 1];
        for (int position = 0; position < layers.length - 1; position++) {
            Segment rest = new Segment(layers[position], graph.layers().size());
            crossing.add(position == 0 ? graph.inputs() : graph.inputs(rest));
            divisibleTo[position] = Divisibility.longest(graph, rest.from(), groups.size())
                    .map(Segment::to)
                    .orElse(rest.from());
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
        return division(from, to).isPresent();
    }

    /** Seconds of the layers between two positions, undivided on the fastest core group. */
    double undividedSeconds(int from, int to) {
        return undividedSeconds(segment(from, to));
    }

    private double undividedSeconds(Segment segment) {
        return cost.computeSeconds(fastest, segment);
    }

    /** Seconds of a stage, that of its slowest shard; infinite where it cannot be divided so. */
    double computeSeconds(Span span) {
        return span.divided()
                ? division(span.from(), span.to()).map(Division::seconds).orElse(Double.POSITIVE_INFINITY)
                : undividedSeconds(span.from(), span.to());
    }

    /**
     * Seconds until a stage has all it needs of the tensors that cross its beginning.
     *
     * @param fromDivided whether the stage before is divided; of no matter for the first, which the gateway feeds
     */
    double enterSeconds(Span span, boolean fromDivided) {
        Entry entry = new Entry(span, fromDivided);
        Double known = enterSeconds.get(entry);
        if (known != null) {
            return known;
        }
        double seconds = transferSeconds(span, fromDivided);
        enterSeconds.put(entry, seconds);
        return seconds;
    }

    private double transferSeconds(Span span, boolean fromDivided) {
        List<String> producers = span.from() == 0 ? List.of(request.gatewayNode()) : nodes(fromDivided);
        boolean divided = span.from() > 0 && fromDivided;
        List<long[]> bytes = zeroBytes(producers.size(), nodes(span.divided()).size());
        for (TensorSpec tensor : crossing.get(span.from())) {
            List<Interval> owned = owned(tensor, divided);
            for (int consumer = 0; consumer < nodes(span.divided()).size(); consumer++) {
                addOverlaps(bytes, tensor, owned, needed(span, consumer, tensor), consumer);
            }
        }
        return exchangeSeconds(producers, nodes(span.divided()), bytes);
    }

    /** Seconds until the gateway has the outputs of the last stage. */
    double exitSeconds(boolean fromDivided) {
        List<String> producers = nodes(fromDivided);
        List<long[]> bytes = zeroBytes(producers.size(), 1);
        for (TensorSpec tensor : graph.outputs()) {
            addOverlaps(bytes, tensor, owned(tensor, fromDivided), whole(tensor), 0);
        }
        return exchangeSeconds(producers, List.of(request.gatewayNode()), bytes);
    }

    Plan plan(List<Span> spans) {
        return Draft.plan(request, "rows", spans.stream().map(this::stage).toList());
    }

    private Stage stage(Span span) {
        Segment segment = segment(span.from(), span.to());
        if (!span.divided()) {
            return Draft.undivided(graph, segment, fastest.id());
        }
        List<ShardRegions> regions = Divisibility.divide(graph, segment, shares);
        List<Shard> shards = IntStream.range(0, groups.size())
                .mapToObj(shard -> new Shard(
                        groups.get(shard).id(),
                        regions.get(shard).inputs(),
                        regions.get(shard).outputs()))
                .toList();
        return new Stage(segment, shards);
    }

    private Segment segment(int from, int to) {
        return new Segment(layers[from], layers[to]);
    }

    private Optional<Division> division(int from, int to) {
        return layers[to] <= divisibleTo[from]
                ? divisions.computeIfAbsent(segment(from, to), this::divide)
                : Optional.empty();
    }

    /** The same rows as {@link Divisibility#divide}, inner ones included. */
    private Optional<Division> divide(Segment segment) {
        List<TensorSpec> outputs = graph.outputs(segment);
        if (!outputs.stream().allMatch(output -> output.isFeatureMap() && output.rows() >= groups.size())) {
            return Optional.empty();
        }
        List<Map<String, Interval>> rows = new ArrayList<>();
        double slowest = 0;
        for (int shard = 0; shard < groups.size(); shard++) {
            Map<String, Interval> owned = new HashMap<>();
            for (TensorSpec output : outputs) {
                owned.put(output.name(), Divisibility.cut(output.rows(), shares).get(shard));
            }
            Map<String, Interval> computed = ReceptiveField.rows(graph, segment, owned);
            if (computed.values().stream().anyMatch(Interval::isEmpty)) {
                return Optional.empty();
            }
            rows.add(computed);
            slowest = Math.max(slowest, cost.computeSeconds(groups.get(shard), segment, computed));
        }
        return Optional.of(new Division(rows, slowest));
    }

    /**
     * The cheapest cut of each height in each of so many parts of equal time. The cheapest of all lie side by side near
     * the end; and where a few rows cannot be dealt out evenly, more rows, in front of a pooling, may.
     */
    private Collection<Cut> spreadCuts(int partsOfTime) {
        double first = undividedSeconds(new Segment(0, 1));
        double total = undividedSeconds(graph.whole()) - first;
        Map<PartOfHeight, Cut> cheapest = new LinkedHashMap<>();
        for (Cut cut : graph.allowedCuts()) {
            if (cut.crossing().size() == 1) {
                double before = undividedSeconds(new Segment(0, cut.position())) - first;
                int part = (int) (partsOfTime * before / total);
                TensorSpec crosses = cut.crossing().get(0);
                PartOfHeight place = new PartOfHeight(part, crosses.isFeatureMap() ? crosses.rows() : 0);
                cheapest.merge(place, cut, (one, other) -> other.bytes() < one.bytes() ? other : one);
            }
        }
        return cheapest.values();
    }

    private List<String> nodes(boolean divided) {
        return divided
                ? groups.stream().map(group -> group.id().node()).toList()
                : List.of(fastest.id().node());
    }

    private List<Interval> owned(TensorSpec tensor, boolean divided) {
        return divided && tensor.isFeatureMap() && tensor.rows() >= groups.size()
                ? Divisibility.cut(tensor.rows(), shares)
                : List.of(whole(tensor));
    }

    private Interval needed(Span span, int consumer, TensorSpec tensor) {
        Map<String, Interval> rows = span.divided()
                ? division(span.from(), span.to())
                        .map(division -> division.rows().get(consumer))
                        .orElse(Map.of())
                : Map.of();
        return rows.getOrDefault(tensor.name(), whole(tensor));
    }

    private static Interval whole(TensorSpec tensor) {
        return new Interval(0, tensor.isFeatureMap() ? tensor.rows() : 1);
    }

    private static void addOverlaps(
            List<long[]> bytes, TensorSpec tensor, List<Interval> owned, Interval needed, int consumer) {
        for (int producer = 0; producer < owned.size(); producer++) {
            long rows = owned.get(producer).intersect(needed).length();
            bytes.get(producer)[consumer] +=
                    tensor.bytes() / Math.max(1, whole(tensor).length()) * rows;
        }
    }

    private static List<long[]> zeroBytes(int producers, int consumers) {
        return IntStream.range(0, producers)
                .mapToObj(producer -> new long[consumers])
                .toList();
    }

    /** As {@link dev.tandem.core.cost.PlanScorer} has it: pieces leave one after the other and travel side by side. */
    private double exchangeSeconds(List<String> producers, List<String> consumers, List<long[]> bytes) {
        double last = 0;
        for (int producer = 0; producer < producers.size(); producer++) {
            String from = producers.get(producer);
            double departure = 0;
            for (int consumer = 0; consumer < consumers.size(); consumer++) {
                String to = consumers.get(consumer);
                long size = bytes.get(producer)[consumer];
                if (size > 0 && !from.equals(to)) {
                    last = Math.max(last, departure + cost.transferSeconds(from, to, size));
                    departure += cost.sendSeconds(from, size);
                }
            }
        }
        return last;
    }
}
