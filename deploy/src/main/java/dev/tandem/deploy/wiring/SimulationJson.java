package dev.tandem.deploy.wiring;

import dev.tandem.core.sim.Arrivals;
import dev.tandem.core.sim.EnergyUse;
import dev.tandem.core.sim.Latencies;
import dev.tandem.core.sim.Resource;
import dev.tandem.core.sim.SimulationResult;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation did, as JSON. The members are explained in {@code docs/plan.md}.
 *
 * @param ratePerSecond of an open loop
 * @param inFlight of a closed loop
 * @param energy of all nodes, where the power of all is known
 */
public record SimulationJson(
        int requests,
        long seed,
        @Nullable Double ratePerSecond,
        @Nullable Integer inFlight,
        int window,
        double seconds,
        double throughputPerSecond,
        double meanSeconds,
        double p50Seconds,
        double p90Seconds,
        double p99Seconds,
        double maxSeconds,
        @Nullable EnergyUse energy,
        List<ResourceJson> resources) {

    /**
     * How busy a resource was.
     *
     * @param kind core-group, link, sending-card, receiving-card or shared-medium
     * @param busy share of the simulated time
     */
    public record ResourceJson(String kind, String name, double busySeconds, double busy) {
        static ResourceJson of(Resource resource) {
            String kind = resource.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return new ResourceJson(kind, resource.name(), resource.busySeconds(), resource.utilisation());
        }
    }

    public SimulationJson {
        resources = List.copyOf(resources);
    }

    /** What came of these arrivals. */
    public static SimulationJson of(Arrivals arrivals, long seed, int window, SimulationResult result) {
        Latencies latencies = result.latencies();
        return new SimulationJson(
                arrivals.requests(),
                seed,
                arrivals instanceof Arrivals.OpenLoop open ? open.perSecond() : null,
                arrivals instanceof Arrivals.ClosedLoop closed ? closed.inFlight() : null,
                window,
                result.durationSeconds(),
                result.throughputPerSecond(),
                latencies.meanSeconds(),
                latencies.percentileSeconds(50),
                latencies.percentileSeconds(90),
                latencies.percentileSeconds(99),
                latencies.maxSeconds(),
                result.energy().orElse(null),
                result.resources().stream().map(ResourceJson::of).toList());
    }
}
