package dev.tandem.harness.experiment.mesh;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
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
import dev.tandem.core.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Plans one network on random meshes, requests arriving at the first node of each. */
public final class Meshes {

    /** Nodes of DisNet's meshes. */
    public static final List<Integer> NODES = List.of(2, 3, 4, 5, 6, 7, 8, 10);

    /** With what Tandem is compared. */
    static final List<String> COMPARED = List.of("disnet", "modnn", "single-node");

    private final ModelGraph graph;
    private final LayerTimes times;
    private final double referenceRate;
    private final RuntimeCosts runtime;

    /**
     * @param times of the network's layers
     * @param referenceRate multiply-adds per second where they take that long
     */
    public Meshes(ModelGraph graph, LayerTimes times, double referenceRate, RuntimeCosts runtime) {
        this.graph = graph;
        this.times = times;
        this.referenceRate = referenceRate;
        this.runtime = runtime;
    }

    /** So many meshes of one size; the same for the same seed, whatever other sizes are drawn. */
    public List<Trial> run(int nodes, int trials, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 1000 + nodes);
        return IntStream.rangeClosed(1, trials)
                .mapToObj(number -> trial(nodes, number, RandomMesh.draw(nodes, random)))
                .toList();
    }

    private Trial trial(int nodes, int number, Topology mesh) {
        CostModel cost = new CostModel(graph, times, referenceRate, mesh, runtime);
        Map<String, Double> latency = new LinkedHashMap<>();
        Map<String, Double> throughput = new LinkedHashMap<>();
        planners().forEach((technique, planner) -> {
            latency.put(
                    technique, score(planner, request(cost, Objective.LATENCY)).latencySeconds());
            throughput.put(
                    technique,
                    score(planner, request(cost, Objective.THROUGHPUT)).throughputPerSecond());
        });
        return new Trial(nodes, number, latency, throughput);
    }

    private PlanRequest request(CostModel cost, Objective objective) {
        Topology mesh = cost.topology();
        int nodes = mesh.nodes().size();
        return new PlanRequest(graph, mesh, cost, objective, Scheme.AUTO, nodes, nodes, RandomMesh.name(0));
    }

    private static Map<String, Planner> planners() {
        Map<String, Planner> planners = new LinkedHashMap<>();
        planners.put(Trial.TANDEM, new DefaultPlanner());
        COMPARED.forEach(name ->
                planners.put(name, Objects.requireNonNull(Baselines.all().get(name))));
        return planners;
    }

    private PlanScore score(Planner planner, PlanRequest request) {
        PlanResult result = planner.plan(request);
        if (result instanceof Planned found) {
            return found.plan().predicted();
        }
        throw new IllegalStateException("no plan for " + graph.name() + ": " + result);
    }
}
