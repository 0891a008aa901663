package dev.tandem.inference.rewrite;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Plans without a planner. */
final class Splits {

    private Splits() {}

    /** A pipeline of stages of about equal work; empty where there are too few cuts. */
    static Optional<Plan> pipeline(ModelGraph graph, int parts) {
        List<Integer> positions = new ArrayList<>();
        double total = graph.multiplyAdds(graph.whole());
        int before = 0;
        for (int part = 1; part < parts; part++) {
            double wanted = total * part / parts;
            int last = before;
            Optional<Integer> next = graph.allowedCuts().stream()
                    .map(Cut::position)
                    .filter(position -> position > last)
                    .filter(position -> graph.multiplyAdds(new Segment(0, position)) >= wanted)
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            positions.add(next.get());
            before = next.get();
        }
        return Optional.of(pipeline(graph, positions));
    }

    /** A pipeline cut at these positions. */
    static Plan pipeline(ModelGraph graph, List<Integer> positions) {
        List<Stage> stages = new ArrayList<>();
        int from = 0;
        for (int to : positions) {
            stages.add(whole(from, to));
            from = to;
        }
        stages.add(whole(from, graph.layers().size()));
        return plan(graph, "pipeline", stages);
    }

    /** The longest row-divisible beginning in uneven shards, and the rest; empty where there is none. */
    static Optional<Plan> rows(ModelGraph graph, int shards) {
        List<Double> shares = IntStream.range(0, shards)
                .mapToObj(shard -> 1 + 0.4 * (shard % 3))
                .toList();
        return Divisibility.longest(graph, 0, shards).map(segment -> {
            List<Shard> parts = Divisibility.divide(graph, segment, shares).stream()
                    .map(part -> new Shard(place(), part.inputs(), part.outputs()))
                    .toList();
            List<Stage> stages = new ArrayList<>(List.of(new Stage(segment, parts)));
            if (segment.to() < graph.layers().size()) {
                stages.add(whole(segment.to(), graph.layers().size()));
            }
            return plan(graph, "rows", stages);
        });
    }

    /** As the planner of the scheme divides it over so many nodes of uneven speed; empty where it refuses. */
    static Optional<Plan> planned(ModelGraph graph, Scheme scheme, int shards) {
        return planned(graph, scheme, Halo.CHOSEN, shards);
    }

    /** The same, with halos dealt with so. */
    static Optional<Plan> planned(ModelGraph graph, Scheme scheme, Halo halo, int shards) {
        List<Node> nodes = IntStream.range(0, shards)
                .mapToObj(index -> {
                    String name = "n" + index;
                    CoreGroup group = new CoreGroup(
                            new CoreGroupId(name, "cpu"),
                            CoreGroup.Kind.CPU,
                            List.of(0),
                            1,
                            1e9 * (1 + 0.4 * (index % 3)));
                    return new Node(name, Long.MAX_VALUE / 2, List.of(group));
                })
                .toList();
        List<Link> links = nodes.stream()
                .flatMap(from -> nodes.stream()
                        .filter(to -> !to.equals(from))
                        .map(to -> new Link(from.id(), to.id(), 1e8, 1e-4)))
                .toList();
        Topology topology = new Topology(nodes, links);
        List<Double> seconds = graph.layers().stream()
                .map(layer -> 1e-6 + layer.multiplyAdds() / 1e9)
                .toList();
        CostModel cost =
                new CostModel(graph, new LayerTimes(graph.digest(), seconds), 1e9, topology, RuntimeCosts.NONE);
        PlanRequest request =
                new PlanRequest(graph, topology, cost, Objective.LATENCY, scheme, shards, shards, "n0").with(halo);
        return new DefaultPlanner().plan(request) instanceof PlanResult.Planned planned
                ? Optional.of(planned.plan())
                : Optional.empty();
    }

    private static Stage whole(int from, int to) {
        return new Stage(new Segment(from, to), List.of(new Shard(place(), Map.of(), Map.of())));
    }

    private static CoreGroupId place() {
        return new CoreGroupId("here", "cpu");
    }

    static Plan plan(ModelGraph graph, String scheme, List<Stage> stages) {
        return new Plan(
                graph.name(),
                graph.digest(),
                scheme,
                List.of(new Lane(1, graph.name(), stages, List.of())),
                new PlanScore(1, 1, List.of(), "none"));
    }
}
