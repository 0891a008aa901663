package dev.tandem.harness.experiment.predicted;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.PlanScorer;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.sim.Arrivals;
import dev.tandem.core.sim.Scenario;
import dev.tandem.core.sim.Simulation;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import dev.tandem.harness.experiment.predicted.Compute.ShardOfLane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What cost model and simulation say of a plan while the machines are as fast as they are at a moment.
 *
 * @param profile of the model, measured on one of the core groups
 * @param topology with the links as measured
 * @param gatewayNode where the requests come from
 * @param seed of the simulation
 */
public record Forecast(
        ModelGraph graph, Profile profile, Topology topology, RuntimeCosts runtime, String gatewayNode, long seed) {

    private static final int SINGLE_REQUESTS = 50;
    private static final int STREAM_REQUESTS = 400;

    /**
     * One figure of a plan.
     *
     * @param predicted by the formula
     * @param simulated event by event
     * @param compute what of it is predicted to be computing
     */
    public record Said(double predicted, double simulated, Compute compute) {}

    /**
     * Seconds of one request at a time.
     *
     * @param wholeSeconds of the unsplit model on each core group, in the topology's order
     */
    public Said latency(Plan plan, List<Double> wholeSeconds) {
        CostModel cost = cost(wholeSeconds);
        PlanScore score = new PlanScorer(cost, gatewayNode).score(plan.lanes());
        double simulated = Simulation.of(cost, gatewayNode, plan)
                .run(Scenario.of(new Arrivals.ClosedLoop(SINGLE_REQUESTS, 1), seed))
                .latencies()
                .percentileSeconds(50);
        return new Said(score.latencySeconds(), simulated, compute(plan, score));
    }

    /**
     * Requests per second with so many in flight.
     *
     * @param wholeSeconds of the unsplit model on each core group, in the topology's order
     */
    public Said throughput(Plan plan, List<Double> wholeSeconds, int inFlight) {
        CostModel cost = cost(wholeSeconds);
        PlanScore score = new PlanScorer(cost, gatewayNode).score(plan.lanes());
        double simulated = Simulation.of(cost, gatewayNode, plan)
                .run(Scenario.of(new Arrivals.ClosedLoop(STREAM_REQUESTS, inFlight), seed))
                .throughputPerSecond();
        return new Said(score.throughputPerSecond(), simulated, compute(plan, score));
    }

    /** The profile as it would be if the whole model took that long. */
    static Profile scaled(Profile profile, double wholeSeconds) {
        double scale = wholeSeconds / profile.wholeSeconds();
        SegmentCosts costs = profile.costs();
        return new Profile(
                new LayerTimes(
                        profile.times().modelDigest(),
                        profile.times().seconds().stream()
                                .map(layer -> layer * scale)
                                .toList()),
                profile.kernels(),
                new SegmentCosts(
                        costs.secondsPerCall() * scale,
                        costs.secondsPerCutByte() * scale,
                        costs.secondsPerFusedCutByte() * scale,
                        costs.secondsPerNarrowLayer() * scale));
    }

    /** The cost model of that moment.
     *
     * @param wholeSeconds of the unsplit model on each core group, in the topology's order */
    public CostModel cost(List<Double> wholeSeconds) {
        List<CoreGroup> groups = topology.coreGroups();
        Map<CoreGroupId, Profile> profiles = new HashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            profiles.put(groups.get(group).id(), scaled(profile, wholeSeconds.get(group)));
        }
        return new CostModel(graph, profile, groups.get(0).multiplyAddsPerSecond(), profiles, topology, runtime);
    }

    /** Without the runtime's own cost of a call, which shards do not count as computing. */
    private Compute compute(Plan plan, PlanScore score) {
        Map<ShardOfLane, Double> seconds = new HashMap<>();
        score.shards()
                .forEach(shard -> seconds.put(
                        new ShardOfLane(shard.lane(), shard.shard()),
                        shard.computeSeconds() - runtime.secondsPerCall()));
        return Compute.of(plan, seconds::get);
    }
}
