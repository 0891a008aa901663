package dev.tandem.core.sim;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.EnergyModel;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executes a plan, event by event, as the runtime would, with the times of a {@link CostModel}. Immutable; every run is on
 * its own.
 *
 * <ul>
 *   <li>The gateway queues requests without bound and deals each as {@link dev.tandem.core.plan.Dealing} says, to a lane that
 *       has room.
 *   <li>A producer, the gateway included, has at most {@code window} requests for which a consumer has not given credit;
 *       a consumer gives credit when it has computed the request, and credit takes the latency of the link back.
 *   <li>A shard is ready when it has all pieces; a core group computes one call at a time, in the order in which shards
 *       became ready.
 *   <li>Pieces from one producer leave in the order that {@link dev.tandem.core.cost.PlanScorer} documents, tensors for the
 *       same consumer together. Contention is first come, first served, piece by piece; the frames of two pieces do not
 *       alternate.
 * </ul>
 *
 * <p>Not simulated: deadlines, bounds of the gateway's queue and of its requests in flight, the clients' own links, and
 * re-planning.
 */
public final class Simulation {

    private final Topology topology;
    private final Layout layout;
    private final int window;
    private final Optional<EnergyModel> energy;

    /**
     * A simulation of these lanes.
     *
     * @param gatewayNode where the requests come from: a node of the topology, or the end of links to it
     * @param window requests in flight on an edge, at least 1
     * @throws IllegalArgumentException when the lanes use what the topology does not have, or a shard would never be ready
     */
    public Simulation(CostModel cost, String gatewayNode, List<Lane> lanes, int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window (" + window + ") must be at least 1");
        }
        this.topology = cost.topology();
        this.layout = LayoutBuilder.layout(cost, gatewayNode, lanes);
        this.window = window;
        this.energy = cost.energy();
    }

    /** A simulation of a plan with the window that the runtime gives it. */
    public static Simulation of(CostModel cost, String gatewayNode, Plan plan) {
        int reach = plan.lanes().stream().mapToInt(Lane::longestReach).max().orElse(1);
        return new Simulation(
                cost, gatewayNode, plan.lanes(), Math.max(cost.runtime().window(), reach + 1));
    }

    /** Requests in flight on an edge. */
    public int window() {
        return window;
    }

    /** So many requests in flight that more would only wait at the gateway: each step of a lane holds a window of them. */
    public int saturation() {
        int steps = layout.lanes().stream()
                .mapToInt(lane -> lane.stages().size() + 1)
                .sum();
        return window * steps + 1;
    }

    /**
     * What comes of the scenario.
     *
     * @throws IllegalArgumentException when the scenario names what the topology does not have
     */
    public SimulationResult run(Scenario scenario) {
        return run(scenario, null);
    }

    /**
     * What comes of the scenario.
     *
     * @param timeline hears of each call and each transfer when it begins
     * @throws IllegalArgumentException when the scenario names what the topology does not have
     */
    public SimulationResult run(Scenario scenario, @Nullable Consumer<Span> timeline) {
        ScenarioCheck.requireKnown(scenario, topology, layout.gatewayNode());
        SimulationResult result = new Engine(layout, window, scenario, timeline).run();
        return energy.map(model -> result.with(EnergyUse.of(model, topology, result)))
                .orElse(result);
    }
}
