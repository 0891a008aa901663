package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
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
 * Other bytes on the wire, and memory, are not counted, so that the bound is far off where they decide.
 */
public final class LowerBound {

    private static final int BISECTIONS = 60;

    private final PlanRequest request;
    private final CostModel cost;
    private final ModelGraph graph;
    private final double[] seconds;
    private final NeededRows needed;
    private final double work;
    private final Map<CoreGroup, Double> speeds = new HashMap<>();
    /** Least latency of the links to a node, and of those from it. */
    private final Map<String, Double> arrival = new HashMap<>();

    private final Map<String, Double> departure = new HashMap<>();

    private LowerBound(PlanRequest request) {
        this.request = request;
        this.cost = request.cost();
        this.graph = request.graph();
        List<CoreGroup> groups = request.topology().coreGroups();
        RelativeSpeeds relative = new RelativeSpeeds(cost, groups);
        this.seconds = IntStream.range(0, graph.layers().size())
                .mapToDouble(relative::work)
                .toArray();
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

    /** In the unit of the objective; 0 where nothing is known. */
    public static double of(PlanRequest request) {
        LowerBound bound = new LowerBound(request);
        return switch (request.objective()) {
            case THROUGHPUT -> bound.period();
            case LATENCY -> bound.latency();
            case ENERGY -> bound.joules();
            case ENERGY_DELAY -> bound.joules() * bound.latency();
        };
    }

    private double period() {
        boolean isOutside = request.topology().node(request.gatewayNode()).isEmpty();
        return Math.max(work / together(this::speed), isOutside ? gatewaySeconds() : 0);
    }

    /** Inputs that nothing reads do not travel, nor do outputs that are inputs. */
    private double gatewaySeconds() {
        long written = graph.outputs(graph.whole()).stream()
                .mapToLong(TensorSpec::bytes)
                .sum();
        return Math.max(
                cost.sendSeconds(request.gatewayNode(), (long) needed.inputBytes()),
                cost.receiveSeconds(request.gatewayNode(), written));
    }

    private double latency() {
        double call = cost.runtime().secondsPerCall();
        double low = 0;
        double high = work / fastest();
        for (int bisection = 0; bisection < BISECTIONS; bisection++) {
            double middle = (low + high) / 2;
            if (together(node -> speed(node) * Math.max(0, middle - awaySeconds(node))) < work) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return call + Math.max(low, longestPath());
    }

    private double joules() {
        return cost.energy()
                .map(energy -> {
                    double perSecond = speeds.entrySet().stream()
                            .mapToDouble(
                                    group -> energy.computeJoules(group.getKey().id(), 1) / group.getValue())
                            .min()
                            .orElse(0);
                    return work * perSecond + energy.idleWatts() * latency();
                })
                .orElse(0.0);
    }

    /** Time of the layers that follow each other, each at its fastest. */
    private double longestPath() {
        double alone = 1 / fastest();
        double divided = 1 / together(this::speed);
        double[] ends = new double[seconds.length];
        double longest = 0;
        for (Layer layer : graph.layers()) {
            int index = layer.index();
            for (String input : layer.inputs()) {
                int producer = graph.producer(input);
                ends[index] = Math.max(ends[index], producer < 0 ? 0 : ends[producer]);
            }
            boolean divisible =
                    Divisibility.refusal(graph, new Segment(index, index + 1)).isEmpty();
            ends[index] += seconds[index] * (divisible ? needed.share(index) * divided : alone);
            longest = Math.max(longest, ends[index]);
        }
        return longest;
    }

    /** Of as many nodes as a plan may use, those with the most of something. */
    private double together(ToDoubleFunction<Node> amount) {
        return request.topology().nodes().stream()
                .map(amount::applyAsDouble)
                .sorted(Comparator.reverseOrder())
                .limit(request.maxNodes())
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
