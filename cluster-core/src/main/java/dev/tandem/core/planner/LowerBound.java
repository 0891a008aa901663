package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.Freight;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NeededRows;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What no plan of a request can beat, however many lanes, stages and row shares it has: work must be done by the core
 * groups that there are.
 *
 * <ul>
 *   <li>Each core group is taken to be as much faster than the first one as {@link RelativeSpeeds} says.
 *   <li>Of each layer only the rows are computed that the outputs need, see {@link NeededRows}.
 *   <li>throughput: all of the best {@link PlanRequest#maxNodes()} nodes compute without a pause; a gateway that is none of
 *       them sends all inputs and receives all outputs.
 *   <li>latency: the same, but a node that is not the gateway's begins when a first byte can have come, and ends early enough
 *       for a last one to go; and layers that depend on each other follow each other, those that cannot be divided along
 *       rows on the fastest core group, the others on all at once.
 *   <li>energy: every layer on the core group that takes the least for it, no transfer, and the idle power for that latency.
 * </ul>
 *
 * Other bytes on the wire, and memory, are not counted, so that the bound is far off where they decide. Used by one thread.
 */
public final class LowerBound {

    private static final int BISECTIONS = 30;
    private static final int ANY = Integer.MAX_VALUE;

    private final PlanRequest request;
    private final CostModel cost;
    private final ModelGraph graph;
    private final double[] seconds;
    private final boolean[] divisible;
    private final NeededRows needed;
    private final double work;
    private final Map<CoreGroup, Double> speeds = new HashMap<>();
    /** By most core groups, where it was asked for. */
    private final Map<Integer, Double> latencies = new HashMap<>();
    /** Least latency of the links to a node, and of those from it. */
    private final Map<String, Double> arrival = new HashMap<>();

    private final Map<String, Double> departure = new HashMap<>();

    public LowerBound(PlanRequest request) {
        this.request = request;
        this.cost = request.cost();
        this.graph = request.graph();
        List<CoreGroup> groups = request.topology().coreGroups();
        RelativeSpeeds relative = new RelativeSpeeds(cost, groups);
        this.seconds = IntStream.range(0, graph.layers().size())
                .mapToDouble(relative::work)
                .toArray();
        this.divisible = new boolean[seconds.length];
        for (int layer = 0; layer < seconds.length; layer++) {
            divisible[layer] = isDivisible(layer);
        }
        this.needed = NeededRows.of(graph);
        this.work = IntStream.range(0, seconds.length)
                .mapToDouble(layer -> needed.share(layer) * seconds[layer])
                .sum();
        for (int group = 0; group < groups.size(); group++) {
            speeds.put(groups.get(group), relative.speed(group));
        }
        for (Link link : request.topology().links()) {
            arrival.merge(link.to(), link.latencySeconds(), Math::min);
            departure.merge(link.from(), link.latencySeconds(), Math::min);
        }
    }

    /** What is split may have outputs of single rows, of which a shard computes all or none. */
    private boolean isDivisible(int layer) {
        return graph.layers().get(layer).along(Axis.ROWS) instanceof Split
                ? Divisibility.isDivisible(graph, layer)
                : Divisibility.refusal(graph, new Segment(layer, layer + 1)).isEmpty();
    }

    /** Of every plan, in the unit of the objective; 0 where nothing is known. */
    public static double of(PlanRequest request) {
        return new LowerBound(request).value();
    }

    /** Of every plan. */
    public double value() {
        return value(ANY, 0);
    }

    /** Of every plan on at most so many core groups. */
    public double onGroups(int most) {
        return value(most, 0);
    }

    /** Of every plan of a single lane on at most so many core groups: each of them computes at least once for a request. */
    public double onGroupsInOneLane(int most) {
        return value(most, cost.runtime().secondsPerCall());
    }

    /** @param callSeconds that every core group takes for every request, whatever it computes */
    private double value(int mostGroups, double callSeconds) {
        return switch (request.objective()) {
            case THROUGHPUT -> period(mostGroups, callSeconds);
            case LATENCY -> latency(mostGroups);
            case ENERGY -> joules(mostGroups);
            case ENERGY_DELAY -> joules(mostGroups) * latency(mostGroups);
        };
    }

    private double period(int mostGroups, double callSeconds) {
        boolean isOutside = request.topology().node(request.gatewayNode()).isEmpty();
        double busy = callSeconds + work / together(mostGroups, node -> 1);
        return Math.max(busy, isOutside ? gatewaySeconds() : 0);
    }

    /** Inputs that nothing reads do not travel, nor do outputs that are inputs. */
    private double gatewaySeconds() {
        long written = graph.outputs(graph.whole()).stream()
                .mapToLong(TensorSpec::bytes)
                .sum();
        return Math.max(
                cost.sendSeconds(request.gatewayNode(), Freight.of(cost.codec(), (long) needed.inputBytes())),
                cost.receiveSeconds(request.gatewayNode(), Freight.of(cost.codec(), written)));
    }

    private double latency(int mostGroups) {
        return latencies.computeIfAbsent(mostGroups, this::leastLatency);
    }

    private double leastLatency(int mostGroups) {
        double call = cost.runtime().secondsPerCall();
        double low = 0;
        double high = work / fastest();
        for (int bisection = 0; bisection < BISECTIONS; bisection++) {
            double middle = (low + high) / 2;
            if (together(mostGroups, node -> Math.max(0, middle - awaySeconds(node))) < work) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return call + Math.max(low, longestPath(mostGroups));
    }

    private double joules(int mostGroups) {
        return cost.energy()
                .map(energy -> {
                    double perSecond = speeds.entrySet().stream()
                            .mapToDouble(
                                    group -> energy.computeJoules(group.getKey().id(), 1) / group.getValue())
                            .min()
                            .orElse(0);
                    return work * perSecond + energy.idleWatts() * latency(mostGroups);
                })
                .orElse(0.0);
    }

    /** Time of the layers that follow each other, each at its fastest. */
    private double longestPath(int mostGroups) {
        double alone = 1 / fastest();
        double divided = 1 / together(mostGroups, node -> 1);
        double[] ends = new double[seconds.length];
        double longest = 0;
        for (Layer layer : graph.layers()) {
            int index = layer.index();
            for (String input : layer.inputs()) {
                int producer = graph.producer(input);
                ends[index] = Math.max(ends[index], producer < 0 ? 0 : ends[producer]);
            }
            ends[index] += seconds[index] * (divisible[index] ? needed.share(index) * divided : alone);
            longest = Math.max(longest, ends[index]);
        }
        return longest;
    }

    /**
     * Speeds by how much of each node's time counts, together: of as many nodes as a plan may use those with the most, and no
     * more than of so many core groups.
     */
    private double together(int mostGroups, ToDoubleFunction<Node> share) {
        double ofNodes = request.topology().nodes().stream()
                .map(node -> speed(node) * share.applyAsDouble(node))
                .sorted(Comparator.reverseOrder())
                .limit(request.maxNodes())
                .mapToDouble(Double::doubleValue)
                .sum();
        return mostGroups >= speeds.size() ? ofNodes : Math.min(ofNodes, ofGroups(mostGroups, share));
    }

    private double ofGroups(int most, ToDoubleFunction<Node> share) {
        return request.topology().nodes().stream()
                .flatMap(node -> node.coreGroups().stream()
                        .map(group -> speeds.getOrDefault(group, 0.0) * share.applyAsDouble(node)))
                .sorted(Comparator.reverseOrder())
                .limit(most)
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private double fastest() {
        return speeds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private double speed(Node node) {
        return node.coreGroups().stream()
                .mapToDouble(group -> speeds.getOrDefault(group, 0.0))
                .sum();
    }

    /** Least latency of a link to the node and one from it; 0 for the gateway's own. */
    private double awaySeconds(Node node) {
        return node.id().equals(request.gatewayNode())
                ? 0
                : arrival.getOrDefault(node.id(), 0.0) + departure.getOrDefault(node.id(), 0.0);
    }
}
