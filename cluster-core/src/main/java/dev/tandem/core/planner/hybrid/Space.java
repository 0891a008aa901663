package dev.tandem.core.planner.hybrid;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.EnergyModel;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A request as numbers: nodes, core groups and seats by index, and what a stage takes on a seat. Figures are computed when
 * they are first asked for. Used by one thread.
 */
final class Space {

    /** What a stage takes on a seat, by shard; nothing where it cannot be divided so. */
    static final class Work {

        final double[] seconds;
        final long[] memoryBytes;

        Work(int shards) {
            this.seconds = new double[shards];
            this.memoryBytes = new long[shards];
        }

        boolean isPossible() {
            return seconds.length > 0;
        }
    }

    private record Placed(int from, int to, int seat) {}

    private record Hop(int at, int producers, int to, int consumers) {}

    private static final int GATEWAY = -1;

    private final CostModel cost;
    private final @Nullable EnergyModel energy;
    private final ModelGraph graph;
    private final List<Node> nodes;
    private final List<CoreGroup> groups;
    private final int[] nodeOf;
    private final String[] ends;
    private final int gateway;
    private final List<String> media;
    private final Divisions divisions;
    private final StageCuts positions;
    private final List<Seat> seats;
    private final Map<Placed, Work> works = new HashMap<>();
    private final Map<Hop, long[][]> hops = new HashMap<>();

    Space(PlanRequest request, List<Node> nodes, HybridLimits limits) {
        this.cost = request.cost();
        this.energy = cost.energy().orElse(null);
        this.graph = request.graph();
        this.nodes = List.copyOf(nodes);
        this.groups = nodes.stream().flatMap(node -> node.coreGroups().stream()).toList();
        this.nodeOf = IntStream.range(0, nodes.size())
                .flatMap(node -> nodes.get(node).coreGroups().stream().mapToInt(group -> node))
                .toArray();
        List<String> names = new ArrayList<>(nodes.stream().map(Node::id).toList());
        if (!names.contains(request.gatewayNode())) {
            names.add(request.gatewayNode());
        }
        this.ends = names.toArray(String[]::new);
        this.gateway = names.indexOf(request.gatewayNode());
        this.media = request.topology().links().stream()
                .flatMap(link -> link.media().stream())
                .distinct()
                .sorted()
                .toList();
        this.divisions = new Divisions(graph, cost);
        CoreGroup any = groups.get(0);
        this.positions = new StageCuts(
                graph, limits.mostCuts(), layer -> layer == 0 ? 0 : cost.layerSeconds(any, new Segment(0, layer)));
        double[] rates = groups.stream()
                .mapToDouble(group -> 1 / cost.layerSeconds(group, graph.whole()))
                .toArray();
        this.seats = Seats.all(nodeOf, rates, limits, divisions);
    }

    StageCuts positions() {
        return positions;
    }

    List<Seat> seats() {
        return seats;
    }

    int nodes() {
        return nodes.size();
    }

    int groups() {
        return groups.size();
    }

    /** Nodes and, behind them, the gateway where it is none of them. */
    int ends() {
        return ends.length;
    }

    int gateway() {
        return gateway;
    }

    int nodeOf(int group) {
        return nodeOf[group];
    }

    long memoryBytes(int node) {
        return nodes.get(node).memoryBytes();
    }

    CoreGroup group(int group) {
        return groups.get(group);
    }

    /** Names of the channels that links share. */
    List<String> media() {
        return media;
    }

    CostModel cost() {
        return cost;
    }

    /** 0 where power is not known. */
    double computeJoules(int group, double seconds) {
        return energy == null ? 0 : energy.computeJoules(groups.get(group).id(), seconds);
    }

    /** 0 where power is not known. */
    double transferJoules(int from, int to, long bytes) {
        return energy == null
                ? 0
                : energy.transferJoules(ends[from], ends[to], cost.linkSeconds(ends[from], ends[to], bytes));
    }

    String end(int index) {
        return ends[index];
    }

    Work work(int from, int to, Seat seat) {
        return works.computeIfAbsent(new Placed(from, to, seat.id), placed -> workOf(from, to, seat));
    }

    /** Bytes from each shard of a label's last stage, or from the gateway, to each shard of the stage that follows. */
    long[][] hop(Label label, int to, Seat consumers) {
        Seat producers = label.seat;
        int division = producers == null ? GATEWAY : producers.division;
        return hops.computeIfAbsent(
                new Hop(label.to, division, to, consumers.division),
                hop -> bytes(
                        producers == null ? List.of(modelInputs()) : outputs(label, producers),
                        inputs(positions.segment(label.to, to), consumers)));
    }

    /** Bytes from each shard of the last stage to the gateway. */
    long[] exit(Label last, Seat seat) {
        Map<String, Region> wanted = new HashMap<>();
        graph.outputs().stream()
                .filter(output -> !graph.isModelInput(output.name()))
                .forEach(output -> wanted.put(output.name(), Region.WHOLE));
        long[][] bytes = bytes(outputs(last, seat), List.of(wanted));
        return IntStream.range(0, bytes.length)
                .mapToLong(producer -> bytes[producer][0])
                .toArray();
    }

    Stage stage(int from, int to, Seat seat) {
        Segment segment = positions.segment(from, to);
        List<ShardRegions> regions = divisions.of(segment, seat.division);
        return new Stage(
                segment,
                IntStream.range(0, regions.size())
                        .mapToObj(shard -> shard(seat, shard, regions.get(shard)))
                        .toList());
    }

    private Shard shard(Seat seat, int shard, ShardRegions regions) {
        return new Shard(groups.get(seat.groups[shard]).id(), regions.inputs(), regions.outputs());
    }

    private Work workOf(int from, int to, Seat seat) {
        Segment segment = positions.segment(from, to);
        List<Divisions.Part> parts = divisions.parts(segment, seat.division);
        Work work = new Work(parts.size());
        for (int shard = 0; shard < parts.size(); shard++) {
            Divisions.Part part = parts.get(shard);
            CoreGroup group = groups.get(seat.groups[shard]);
            work.seconds[shard] = cost.computeSeconds(group, segment, part.outputs());
            work.memoryBytes[shard] = part.memoryBytes();
        }
        return work;
    }

    private Map<String, Region> modelInputs() {
        Map<String, Region> inputs = new HashMap<>();
        graph.inputs().forEach(input -> inputs.put(input.name(), Region.WHOLE));
        return inputs;
    }

    private List<Map<String, Region>> outputs(Label stage, Seat seat) {
        return divisions.of(positions.segment(stage.from, stage.to), seat.division).stream()
                .map(ShardRegions::outputs)
                .toList();
    }

    private List<Map<String, Region>> inputs(Segment segment, Seat seat) {
        return divisions.of(segment, seat.division).stream()
                .map(ShardRegions::inputs)
                .toList();
    }

    private long[][] bytes(List<Map<String, Region>> owned, List<Map<String, Region>> needed) {
        long[][] bytes = new long[owned.size()][needed.size()];
        for (int producer = 0; producer < bytes.length; producer++) {
            for (int consumer = 0; consumer < bytes[producer].length; consumer++) {
                bytes[producer][consumer] = overlap(owned.get(producer), needed.get(consumer));
            }
        }
        return bytes;
    }

    private long overlap(Map<String, Region> owned, Map<String, Region> needed) {
        long bytes = 0;
        for (Map.Entry<String, Region> need : needed.entrySet()) {
            Region has = owned.get(need.getKey());
            TensorSpec tensor = graph.tensor(need.getKey());
            bytes += has == null
                    ? 0
                    : has.intersect(need.getValue())
                            .map(common -> common.bytes(tensor))
                            .orElse(0L);
        }
        return bytes;
    }
}
