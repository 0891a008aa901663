package dev.tandem.harness.experiment.hidp;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.wiring.TopologyFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Plans a model on the boards with each technique, once for each board that requests may arrive at. */
public final class Boards {

    /** What HiDP was compared with, and HiDP itself. */
    static final List<String> TECHNIQUES = List.of("single-node", "omniboost", "modnn", "disnet", "hidp");

    static final String TANDEM = "tandem";
    static final List<Objective> OBJECTIVES = List.of(Objective.LATENCY, Objective.THROUGHPUT, Objective.ENERGY);

    private final TopologyFile machines;

    public Boards(TopologyFile machines) {
        this.machines = machines;
    }

    /** One row for each board. */
    public List<Row> rows(String model, ModelGraph graph) {
        ReferenceProfile profile = ReferenceProfile.ofMultiplyAdds(graph);
        TransportSettings transport = SettingsLoader.load().settings().transport();
        Topology topology = machines.topology(profile);
        CostModel cost = new CostModel(
                graph,
                profile.times(),
                profile.multiplyAddsPerSecond(),
                topology,
                RuntimeCosts.measured(transport.frameBytes(), transport.window()));
        return topology.nodes().stream()
                .map(Node::id)
                .map(leader -> row(model, cost, leader))
                .toList();
    }

    private static Row row(String model, CostModel cost, String leader) {
        return new Row(
                model,
                leader,
                figures(cost, leader, Objective.LATENCY),
                figures(cost, leader, Objective.THROUGHPUT),
                figures(cost, leader, Objective.ENERGY));
    }

    /** What each technique's plan for an objective comes to. */
    private static Map<String, Double> figures(CostModel cost, String leader, Objective objective) {
        Topology topology = cost.topology();
        PlanRequest request = new PlanRequest(
                cost.graph(),
                topology,
                cost,
                objective,
                Scheme.AUTO,
                topology.nodes().size(),
                topology.coreGroups().size(),
                leader);
        Map<String, Double> figures = new LinkedHashMap<>();
        planners().forEach((technique, planner) -> figures.put(technique, figure(planner, request)));
        return figures;
    }

    private static Map<String, Planner> planners() {
        Map<String, Planner> planners = new LinkedHashMap<>();
        TECHNIQUES.forEach(name ->
                planners.put(name, Objects.requireNonNull(Baselines.all().get(name))));
        planners.put(TANDEM, new DefaultPlanner());
        return planners;
    }

    private static double figure(Planner planner, PlanRequest request) {
        PlanResult result = planner.plan(request);
        if (!(result instanceof Planned planned)) {
            throw new IllegalStateException("no plan for " + request.graph().name() + ": " + result);
        }
        PlanScore score = planned.plan().predicted();
        return request.objective() == Objective.THROUGHPUT
                ? score.throughputPerSecond()
                : request.objective().value(score);
    }
}
