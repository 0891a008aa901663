package dev.tandem.harness.experiment.scale;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Plans one network on random clusters of growing size, and takes the time. */
public final class Fleets {

    /** Boards of the clusters. */
    public static final List<Integer> NODES = List.of(10, 30, 100, 300, 1_000, 3_000, 10_000);

    private static final double NANOS = 1e9;
    private static final int MOST_SHARDS = 8;
    private static final double CARD_MBIT = 10_000;

    private final ModelGraph graph;
    private final LayerTimes times;
    private final double referenceRate;
    private final RuntimeCosts runtime;

    /**
     * @param times of the network's layers
     * @param referenceRate multiply-adds per second where they take that long
     */
    public Fleets(ModelGraph graph, LayerTimes times, double referenceRate, RuntimeCosts runtime) {
        this.graph = graph;
        this.times = times;
        this.referenceRate = referenceRate;
        this.runtime = runtime;
    }

    /** So many clusters of one size, each planned for latency and for throughput; the same for the same seed. */
    public List<Trial> run(int nodes, int trials, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + nodes);
        List<Trial> plans = new ArrayList<>();
        for (int number = 1; number <= trials; number++) {
            Topology fleet = RandomFleet.draw(nodes, CARD_MBIT, random);
            CostModel cost = new CostModel(graph, times, referenceRate, fleet, runtime);
            plans.add(trial(nodes, number, cost, Objective.LATENCY));
            plans.add(trial(nodes, number, cost, Objective.THROUGHPUT));
        }
        return plans;
    }

    private Trial trial(int nodes, int number, CostModel cost, Objective objective) {
        PlanRequest request = new PlanRequest(
                graph, cost.topology(), cost, objective, Scheme.AUTO, nodes, MOST_SHARDS, RandomFleet.GATEWAY);
        long before = processorNanos();
        PlanResult result = new DefaultPlanner().plan(request);
        double seconds = (processorNanos() - before) / NANOS;
        if (!(result instanceof Planned found)) {
            throw new IllegalStateException("no plan for " + graph.name() + " on " + nodes + " nodes: " + result);
        }
        return new Trial(
                nodes,
                number,
                objective.toString(),
                found.plan().scheme(),
                found.plan().lanes().size(),
                usedNodes(found.plan()),
                seconds,
                objective.value(found.plan().predicted()),
                found.lowerBound().orElseThrow(),
                found.gap(objective).orElseThrow());
    }

    private static long usedNodes(Plan plan) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
