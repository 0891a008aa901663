package dev.tandem.harness.experiment.scale;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Replanner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Times planning for one cluster again and again: whole, within a budget, and adapted to a rate that has changed. */
public final class Benchmark {

    private static final int NODES = 8;
    private static final int GROUPS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration BUDGET = Duration.ofMillis(20);
    private static final double BYTES_PER_SECOND = 125e6;
    private static final double LATENCY = 5e-4;
    private static final double SLOWED = 0.5;

    /**
     * One way of planning.
     *
     * @param processorMillis of one thread, over the rounds
     * @param overBest what the objective makes small, over that of the plan made without a budget
     */
    public record Row(String objective, String way, Quartiles processorMillis, double overBest) {}

    private final ModelGraph graph;
    private final LayerTimes times;
    private final double referenceRate;
    private final RuntimeCosts runtime;
    private final Topology before;
    private final Topology now;

    /**
     * @param times of the network's layers
     * @param referenceRate multiply-adds per second where they take that long
     */
    public Benchmark(ModelGraph graph, LayerTimes times, double referenceRate, RuntimeCosts runtime, long seed) {
        this.graph = graph;
        this.times = times;
        this.referenceRate = referenceRate;
        this.runtime = runtime;
        this.before = RandomFleet.linked(NODES, GROUPS, BYTES_PER_SECOND, LATENCY, new SplittableRandom(seed));
        this.now = slowed(before);
    }

    /** As many rounds as there are figures, as many again before them to warm up. */
    public List<Row> run(int rounds) {
        List<Row> rows = new ArrayList<>();
        for (Objective objective : List.of(Objective.LATENCY, Objective.THROUGHPUT)) {
            PlanRequest old = request(before, objective);
            PlanRequest request = request(now, objective);
            Plan deployed = plan(old);
            double best = objective.value(plan(request).predicted());
            rows.add(row(objective, "whole", rounds, best, () -> plan(request)));
            rows.add(row(
                    objective,
                    "budget " + BUDGET.toMillis() + " ms",
                    rounds,
                    best,
                    () -> plan(request.within(PlanBudget.of(BUDGET)))));
            rows.add(row(objective, "adapted", rounds, best, () -> Replanner.adapt(deployed, request)
                    .orElseThrow()));
        }
        return rows;
    }

    private static Row row(Objective objective, String way, int rounds, double best, Supplier<Plan> planner) {
        List<Double> millis = new ArrayList<>();
        double value = 0;
        for (int round = -rounds; round < rounds; round++) {
            long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Plan plan = planner.get();
            double spent = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from) / NANOS_PER_MILLI;
            value = objective.value(plan.predicted());
            if (round >= 0) {
                millis.add(spent);
            }
        }
        return new Row(objective.toString(), way, Quartiles.of(millis), value / best);
    }

    private Plan plan(PlanRequest request) {
        PlanResult result = new DefaultPlanner().plan(request);
        if (result instanceof Planned found) {
            return found.plan();
        }
        throw new IllegalStateException("no plan for " + graph.name() + ": " + result);
    }

    private PlanRequest request(Topology topology, Objective objective) {
        CostModel cost = new CostModel(graph, times, referenceRate, topology, runtime);
        return new PlanRequest(graph, topology, cost, objective, Scheme.AUTO, NODES, NODES, RandomFleet.GATEWAY);
    }

    /** The fastest core group of the first node at half its rate. */
    private static Topology slowed(Topology topology) {
        List<Node> nodes = new ArrayList<>(topology.nodes());
        Node first = nodes.get(0);
        List<CoreGroup> groups = new ArrayList<>(first.coreGroups());
        CoreGroup group = groups.get(0);
        groups.set(
                0,
                new CoreGroup(
                        group.id(),
                        group.kind(),
                        group.cpus(),
                        group.threads(),
                        group.multiplyAddsPerSecond() * SLOWED));
        nodes.set(0, new Node(first.id(), first.memoryBytes(), groups));
        return new Topology(nodes, topology.links());
    }
}
