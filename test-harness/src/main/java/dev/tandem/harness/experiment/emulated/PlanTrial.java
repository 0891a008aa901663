package dev.tandem.harness.experiment.emulated;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Power;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.predicted.Compute;
import dev.tandem.harness.experiment.predicted.Forecast;
import dev.tandem.harness.experiment.predicted.ShardTimes;
import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts a plan in place on a test bed and measures it. */
public final class PlanTrial {

    /** The most requests in flight. */
    public static final int MOST_IN_FLIGHT = 32;

    /** Beside those that are being computed: on their way in, out, and waiting. */
    private static final int UNDER_WAY = 3;

    private static final long SEED = 1;
    private static final int WARM_UPS = 2;
    private static final long STATS_SECONDS = 30;

    private final BedModel model;
    private final ServedModel served;
    private final RequestLoad load;

    private PlanTrial(BedModel model, ServedModel served) {
        this.model = model;
        this.served = served;
        this.load = new RequestLoad(served, SEED);
    }

    /**
     * What one measurement gave.
     *
     * @param value seconds of a request, the median, or requests per second
     * @param samples answers
     * @param joules per request, empty where the power is not known
     * @param busy part of the time in which core groups had work
     * @param compute how long the shards' calls took
     */
    public record Outcome(
            double value,
            double predicted,
            double simulated,
            int samples,
            Optional<Double> joules,
            Map<String, Double> busy,
            Compute compute) {

        /** As a line of the log. */
        public Run run(Run.Cell which, Plan plan, Optional<Double> ideal) {
            return new Run(which, words(plan), lanes(plan), value, predicted, simulated, samples, joules, busy, ideal);
        }
    }

    /**
     * Returns when the plan serves: its weights are where they are needed, and its first requests are answered. Shares of
     * CPUs are lifted meanwhile: opening dozens of sessions takes minutes on a tenth of a CPU, and is not measured.
     */
    public static PlanTrial begin(BedModel model, Plan plan) throws TimeoutException, InterruptedException {
        PlanTrial trial = new PlanTrial(model, model.serve(DeployOrder.exactly(plan)));
        trial.load.latencies(new Length(WARM_UPS, Double.MIN_VALUE, 60));
        return trial;
    }

    /** Measures what the plan was made for: latency, or else throughput. */
    public Outcome measure(Objective aim, Length length) throws TimeoutException, InterruptedException {
        return aim == Objective.LATENCY ? latency(length) : throughput(length);
    }

    private record Raw(double value, int samples) {}

    @FunctionalInterface
    private interface Measurement {
        Raw run() throws TimeoutException, InterruptedException;
    }

    @FunctionalInterface
    private interface Opinion {
        Forecast.Said on(List<Double> speeds);
    }

    private Outcome latency(Length length) throws TimeoutException, InterruptedException {
        return beside(
                () -> {
                    List<Double> seconds = load.latencies(length);
                    return new Raw(Quartiles.of(seconds).median(), seconds.size());
                },
                speeds -> model.forecast().latency(served.plan(), speeds));
    }

    private Outcome throughput(Length length) throws TimeoutException, InterruptedException {
        int inFlight = inFlight(served.plan());
        return beside(
                () -> {
                    RequestLoad.Rate rate = load.rate(inFlight, length);
                    return new Raw(rate.perSecond(), rate.answers());
                },
                speeds -> model.forecast().throughput(served.plan(), speeds, inFlight));
    }

    /** Enough to keep every core group of the plan busy; with more, slow plans would only take longer to fill and drain. */
    static int inFlight(Plan plan) {
        return Math.min(
                MOST_IN_FLIGHT,
                plan.lanes().stream().mapToInt(PlanTrial::inFlight).sum());
    }

    private static int inFlight(Lane lane) {
        int places = (int) places(lane).distinct().count();
        return Math.min(places, lane.stages().size()) + UNDER_WAY;
    }

    private static Stream<CoreGroupId> places(Lane lane) {
        return lane.stages().stream().flatMap(stage -> stage.shards().stream()).map(Shard::place);
    }

    private Outcome beside(Measurement measurement, Opinion opinion) throws TimeoutException, InterruptedException {
        List<Double> before = model.speeds();
        Stats first = stats();
        Map<CoreGroupId, Double> busyBefore = busySeconds();
        long start = System.nanoTime();
        Raw raw = measurement.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<CoreGroupId, Double> busySeconds = since(busyBefore);
        List<Double> after = model.speeds();
        Stats last = stats();
        Compute compute = ShardTimes.between(first, last, served.plan());
        Forecast.Said said = opinion.on(IntStream.range(0, before.size())
                .mapToObj(group -> (before.get(group) + after.get(group)) / 2)
                .toList());
        Map<String, Double> busy = new HashMap<>();
        busySeconds.forEach((group, of) -> busy.put(group.toString(), of / seconds));
        double requests = last.completed() - (double) first.completed();
        return new Outcome(
                raw.value(),
                said.predicted(),
                said.simulated(),
                raw.samples(),
                joules(busySeconds, seconds).map(all -> all / requests),
                busy,
                compute);
    }

    private Stats stats() throws TimeoutException, InterruptedException {
        try {
            return served.stats().toCompletableFuture().get(STATS_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway does not say what it has done: " + e.getMessage(), e);
        }
    }

    /** A core group with half a CPU needs two seconds for a second of a CPU. */
    private Map<CoreGroupId, Double> busySeconds() {
        Map<CoreGroupId, Double> seconds = new HashMap<>();
        for (CoreGroup group : model.topology().coreGroups()) {
            double cpu = model.bed().cpuSeconds(group.id().node(), group.id().group());
            seconds.put(group.id(), cpu / BedTopology.share(model.bed(), group));
        }
        return seconds;
    }

    private Map<CoreGroupId, Double> since(Map<CoreGroupId, Double> before) {
        Map<CoreGroupId, Double> seconds = new HashMap<>();
        busySeconds().forEach((group, now) -> seconds.put(group, now - before.getOrDefault(group, 0.0)));
        return seconds;
    }

    /** Idle power of all machines all the time, and what computing adds. */
    private Optional<Double> joules(Map<CoreGroupId, Double> busySeconds, double seconds) {
        if (!model.topology().nodesWithoutPower().isEmpty()) {
            return Optional.empty();
        }
        double joules = 0;
        for (Node node : model.topology().nodes()) {
            joules += node.power().idleWatts() * seconds;
            for (CoreGroup group : node.coreGroups()) {
                Power power = group.power().orElseThrow();
                joules += power.idleWatts() * seconds + power.activeWatts() * busySeconds.getOrDefault(group.id(), 0.0);
            }
        }
        return Optional.of(joules);
    }

    /** Plans with the same one run in the same way. */
    static String lanes(Plan plan) {
        return Integer.toHexString(plan.lanes().hashCode());
    }

    /** The plan in a line: its scheme, and by lane the segments and who computes them. */
    public static String words(Plan plan) {
        StringBuilder words = new StringBuilder(plan.scheme());
        for (Lane lane : plan.lanes()) {
            words.append(words.length() == plan.scheme().length() ? ": " : " | ");
            words.append(String.join(
                    " > ", lane.stages().stream().map(PlanTrial::words).toList()));
        }
        return words.toString();
    }

    private static String words(Stage stage) {
        return stage.segment().from() + "-" + stage.segment().to() + " "
                + String.join(
                        "+",
                        stage.shards().stream()
                                .map(shard -> shard.place().toString())
                                .toList());
    }
}
