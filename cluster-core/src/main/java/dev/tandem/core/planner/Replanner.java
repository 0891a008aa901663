package dev.tandem.core.planner;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.Division;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.RegionSweep;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Adapts a plan to machines whose figures have changed, at once: the same core groups in the same order, but stages are cut
 * where it is best now, rows are shared by the rates of now, and lanes are weighed by what they can do now. Where halos overlap with
 * computing, they do so still, or nowhere any more, whichever is better. What a whole new plan would do better it does not find.
 * Lanes that stand by are left out.
 */
public final class Replanner {

    private final PlanRequest request;
    private final ModelGraph graph;
    private final Constraints constraints;

    private Replanner(PlanRequest request, Constraints constraints) {
        this.request = request;
        this.constraints = constraints;
        this.graph = request.graph();
    }

    /**
     * The plan, or an adapted one that is better by the request's objective; empty where neither fits any more.
     *
     * @param plan of the request's model
     * @param request of the machines as they are now
     * @param constraints that the plan must keep
     */
    public static Optional<Plan> adapt(Plan plan, PlanRequest request, Constraints constraints) {
        if (!plan.modelDigest().equals(request.graph().digest())) {
            throw new IllegalArgumentException("the plan must be one of model "
                    + request.graph().name() + " (digest "
                    + request.graph().digest() + "), but is one of " + plan.model() + " (digest " + plan.modelDigest()
                    + ")");
        }
        boolean placed = plan.working().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .allMatch(shard -> request.cost().coreGroup(shard.place()).isPresent());
        return placed ? new Replanner(request, constraints).best(plan) : Optional.empty();
    }

    private Optional<Plan> best(Plan plan) {
        List<Lane> working = plan.working();
        List<Lane> adapted = adapted(working, this::adapt);
        List<Lane> overlapped = adapted(working, this::overlapped);
        return Stream.of(working, adapted, overlapped)
                .flatMap(lanes -> Stream.of(lanes, weighed(lanes)))
                .distinct()
                .map(lanes -> Draft.ofLanes(request, plan.scheme(), lanes))
                .filter(each -> Double.isFinite(each.predicted().latencySeconds()))
                .filter(each -> Draft.lacking(request, each).isEmpty())
                .filter(constraints::areKeptBy)
                .min(Comparator.comparingDouble(each -> request.objective().value(each.predicted())));
    }

    private List<Lane> adapted(List<Lane> lanes, UnaryOperator<List<Stage>> way) {
        return lanes.stream()
                .map(lane -> Draft.lane(request, lane.weight(), way.apply(lane.stages())))
                .toList();
    }

    private List<Stage> adapt(List<Stage> stages) {
        return isUndivided(stages) ? cutAgain(stages) : shareAgain(stages);
    }

    /** The same, and halos overlap with computing where they did before. */
    private List<Stage> overlapped(List<Stage> stages) {
        return isUndivided(stages) ? cutAgain(stages) : HaloOverlap.again(graph, stages, shareAgain(stages));
    }

    private static boolean isUndivided(List<Stage> stages) {
        return stages.stream().allMatch(stage -> stage.shards().size() == 1);
    }

    private List<Stage> shareAgain(List<Stage> stages) {
        return HaloOverlap.undone(graph, stages).stream().map(this::shareAgain).toList();
    }

    /** The best chain over the same core groups in the same order; the same stages where one has two of them. */
    private List<Stage> cutAgain(List<Stage> stages) {
        List<CoreGroup> groups =
                stages.stream().map(stage -> group(stage.shards().get(0))).toList();
        if (groups.stream().distinct().count() < groups.size()) {
            return stages;
        }
        List<Node> seats = groups.stream()
                .map(group -> seat(request.topology().node(group.id().node()).orElseThrow(), group))
                .toList();
        ChainProblem problem = new ChainProblem(request, seats, new CutCosts(request));
        ChainCosts costs = request.objective().isOfOneRequest()
                ? problem.latency(Double.POSITIVE_INFINITY, ChainProblem.Links.ALL_LATER)
                : problem.bottleneck(ChainProblem.Links.ALL_LATER);
        return new OrderedChain(costs).chain().map(problem::stages).orElse(stages);
    }

    private static Node seat(Node node, CoreGroup group) {
        return new Node(node.id(), node.memoryBytes(), List.of(group)).on(node.processor());
    }

    /** A stage of no measurable time stays as it is, because rates say nothing of it, and so does one of a grid. */
    private Stage shareAgain(Stage stage) {
        List<Double> rates = stage.shards().stream()
                .map(shard -> 1 / request.cost().layerSeconds(group(shard), stage.segment()))
                .toList();
        if (rates.size() == 1 || rates.stream().anyMatch(rate -> rate.isInfinite())) {
            return stage;
        }
        List<Axis> axes = RegionSweep.axes(stage.shards().get(0).outputs());
        if (axes.size() != 1) {
            return stage;
        }
        try {
            List<ShardRegions> regions =
                    Divisibility.divide(graph, stage.segment(), Division.along(axes.get(0), rates));
            return new Stage(
                    stage.segment(),
                    IntStream.range(0, regions.size())
                            .mapToObj(shard -> new Shard(
                                    stage.shards().get(shard).place(),
                                    regions.get(shard).inputs(),
                                    regions.get(shard).outputs()))
                            .toList());
        } catch (NotDivisibleException tooNarrow) {
            return stage;
        }
    }

    /** Lanes with weights in proportion to what each can do alone. */
    private List<Lane> weighed(List<Lane> lanes) {
        if (lanes.size() == 1) {
            return lanes;
        }
        List<Lane> weighed = new ArrayList<>();
        for (Lane lane : lanes) {
            double perSecond = request.scorer().score(List.of(lane)).throughputPerSecond();
            weighed.add(
                    new Lane(perSecond > 0 ? perSecond : lane.weight(), lane.variant(), lane.stages(), lane.edges()));
        }
        return List.copyOf(weighed);
    }

    private CoreGroup group(Shard shard) {
        return request.cost().coreGroup(shard.place()).orElseThrow();
    }
}
