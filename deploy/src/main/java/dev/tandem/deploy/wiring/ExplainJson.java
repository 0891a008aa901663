package dev.tandem.deploy.wiring;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.cost.PlanExplanation.NodeEnergy;
import dev.tandem.core.cost.PlanExplanation.NodeUse;
import dev.tandem.core.cost.PlanExplanation.PieceTime;
import dev.tandem.core.cost.PlanExplanation.ShardTime;
import dev.tandem.core.cost.ResourceLoad;
import dev.tandem.core.planner.explain.PlanReasons;
import dev.tandem.core.planner.explain.SchemeOutcome;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.wiring.PlanJson.Predicted;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a plan does what it is predicted to do, as JSON. The members are explained in {@code docs/plan.md}.
 *
 * @param periodSeconds between two answers at full throughput
 * @param shards by lane, stage and shard
 * @param edges by lane, in the order in which they leave, all tensors of an edge together
 * @param resources that the plan uses, the busiest first
 * @param nodes of the topology
 * @param schemes the best of each way of dividing
 */
public record ExplainJson(
        double periodSeconds,
        ResourceJson bottleneck,
        BoundJson bound,
        List<ShardJson> shards,
        List<EdgeJson> edges,
        List<ResourceJson> resources,
        List<NodeJson> nodes,
        List<SchemeJson> schemes) {

    /**
     * How busy a resource is.
     *
     * @param busySeconds per request
     * @param busy share of the time at full throughput
     */
    public record ResourceJson(String kind, String name, double busySeconds, double busy) {
        static ResourceJson of(PlanExplanation explained, ResourceLoad load) {
            String kind = load.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return new ResourceJson(kind, load.name(), load.busySeconds(), explained.share(load));
        }
    }

    /**
     * What no plan can go below, in the unit of the objective.
     *
     * @param gap by what share of the bound the plan lies above it; infinite where nothing is known
     * @param leavesOut what the bound does not count
     */
    public record BoundJson(double value, double lowerBound, double gap, String leavesOut) {}

    /** When a shard computes for one request on an idle cluster. */
    public record ShardJson(
            int lane,
            String shard,
            String node,
            String coreGroup,
            double beginSeconds,
            double endSeconds,
            double computeSeconds) {
        static ShardJson of(ShardTime time) {
            return new ShardJson(
                    time.lane(),
                    time.shard().toString(),
                    time.place().node(),
                    time.place().group(),
                    time.beginSeconds(),
                    time.endSeconds(),
                    time.computeSeconds());
        }
    }

    /** When an edge's tensors travel for one request on an idle cluster. */
    public record EdgeJson(
            int lane,
            String producer,
            String consumer,
            String from,
            String to,
            long bytes,
            double linkSeconds,
            double departSeconds,
            double arriveSeconds) {
        static EdgeJson of(PieceTime piece) {
            return new EdgeJson(
                    piece.lane(),
                    piece.producer().toString(),
                    piece.consumer().toString(),
                    piece.from(),
                    piece.to(),
                    piece.bytes(),
                    piece.linkSeconds(),
                    piece.departSeconds(),
                    piece.arriveSeconds());
        }
    }

    /** What a node gives; energy is null where the power of a node is not known. */
    public record NodeJson(
            String node,
            List<CoreGroupJson> coreGroups,
            long neededBytes,
            long memoryBytes,
            @Nullable NodeEnergy energy) {
        static NodeJson of(NodeUse use, Topology topology) {
            return new NodeJson(
                    use.node(),
                    topology.node(use.node()).map(Node::coreGroups).orElse(List.of()).stream()
                            .map(CoreGroupJson::of)
                            .toList(),
                    use.neededBytes(),
                    use.memoryBytes(),
                    use.energy().orElse(null));
        }
    }

    /** A core group of a node; {@code kind} is cpu or gpu. */
    public record CoreGroupJson(String name, String kind) {
        static CoreGroupJson of(CoreGroup group) {
            return new CoreGroupJson(group.id().group(), group.kind().name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What came of a scheme; without figures where nothing fits.
     *
     * @param scheme single, pipeline, rows, lanes, or published
     */
    public record SchemeJson(
            String scheme,
            String name,
            boolean chosen,
            @Nullable Predicted predicted,
            @Nullable Double ratio,
            String reason) {
        static SchemeJson of(SchemeOutcome outcome) {
            return new SchemeJson(
                    outcome.scheme(),
                    outcome.name(),
                    outcome.isChosen(),
                    outcome.predicted().map(Predicted::of).orElse(null),
                    outcome.ratio().orElse(null),
                    outcome.reason());
        }

        /** Whether it is another's, with the name under which it was published. */
        public boolean published() {
            return scheme.equals(PlanReasons.PUBLISHED);
        }
    }

    public ExplainJson {
        shards = List.copyOf(shards);
        edges = List.copyOf(edges);
        resources = List.copyOf(resources);
        nodes = List.copyOf(nodes);
        schemes = List.copyOf(schemes);
    }

    /** The explanation of a plan over these machines. */
    public static ExplainJson of(PlanExplanation explained, PlanReasons reasons, Topology topology) {
        return new ExplainJson(
                explained.periodSeconds(),
                ResourceJson.of(explained, explained.bottleneck()),
                new BoundJson(reasons.value(), reasons.lowerBound(), reasons.gap(), PlanReasons.LEFT_OUT),
                explained.shards().stream().map(ShardJson::of).toList(),
                explained.pieces().stream().map(EdgeJson::of).toList(),
                explained.resources().stream()
                        .sorted((one, other) -> Double.compare(other.busySeconds(), one.busySeconds()))
                        .map(load -> ResourceJson.of(explained, load))
                        .toList(),
                explained.nodes().stream()
                        .map(use -> NodeJson.of(use, topology))
                        .toList(),
                reasons.schemes().stream().map(SchemeJson::of).toList());
    }
}
