package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.sim.Arrivals;
import dev.tandem.core.sim.Scenario;
import dev.tandem.core.sim.Simulation;
import dev.tandem.core.sim.SimulationResult;
import dev.tandem.deploy.wiring.SimulationJson;
import dev.tandem.deploy.wiring.TimelineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a plan is also simulated, under which load, and where the timeline goes. */
final class SimulationArguments {

    private static final long DEFAULT_SEED = 1;

    @Option(
            names = "--simulate",
            paramLabel = "N",
            description =
                    "Simulate N requests: latency, throughput, and how busy everything is. Without --rate there are"
                            + " always enough requests to keep the plan busy.")
    private @Nullable Integer requests;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "With --simulate: open loop, R requests per second on the average, at random times.")
    private @Nullable Double rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "With --simulate: of all that is random; equal seeds give equal results. Default: 1.")
    private @Nullable Long seed;

    @Option(
            names = "--timeline",
            paramLabel = "FILE",
            description = "With --simulate: write what every core group and link does when, as Chrome trace events for"
                    + " https://ui.perfetto.dev.")
    private @Nullable Path timeline;

    /** @throws CommandException when the options do not fit each other */
    void check() {
        if (requests == null) {
            requireAbsent("--rate", rate);
            requireAbsent("--seed", seed);
            requireAbsent("--timeline", timeline);
        } else {
            CommandLines.requireAtLeastOne("--simulate", requests);
        }
        if (rate != null && !(rate > 0 && Double.isFinite(rate))) {
            throw CommandException.usage("--rate (" + rate + ") must be a number of requests per second above 0.");
        }
        if (timeline != null) {
            requireWritable(timeline);
        }
    }

    /** What comes of the requests, when that was asked. */
    Optional<SimulationJson> simulate(PlanRequest request, Plan plan) throws IOException {
        if (requests == null) {
            return Optional.empty();
        }
        Simulation simulation = Simulation.of(request.cost(), request.gatewayNode(), plan);
        Arrivals arrivals = rate == null
                ? new Arrivals.ClosedLoop(requests, simulation.saturation())
                : new Arrivals.OpenLoop(requests, rate);
        long chosen = seed == null ? DEFAULT_SEED : seed;
        SimulationResult result = run(simulation, Scenario.of(arrivals, chosen));
        return Optional.of(SimulationJson.of(arrivals, chosen, simulation.window(), result));
    }

    private SimulationResult run(Simulation simulation, Scenario scenario) throws IOException {
        if (timeline == null) {
            return simulation.run(scenario);
        }
        try (TimelineFile file = TimelineFile.open(timeline)) {
            return simulation.run(scenario, file);
        }
    }

    private static void requireAbsent(String option, @Nullable Object value) {
        if (value != null) {
            throw CommandException.usage(option + " (" + value + ") must come with --simulate N.");
        }
    }

    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw CommandException.usage("--timeline (" + file + ") must be a file in a folder that is there.");
        }
    }
}
