package dev.tandem.harness.experiment;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.predicted.Compute;
import dev.tandem.harness.experiment.predicted.Figures;
import dev.tandem.harness.experiment.predicted.Forecast;
import dev.tandem.harness.experiment.predicted.Outcome;
import dev.tandem.harness.experiment.predicted.ReportFiles;
import dev.tandem.harness.experiment.predicted.Round;
import dev.tandem.harness.experiment.predicted.ShardTimes;
import dev.tandem.harness.experiment.predicted.UnsplitModels;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.ProfileEffort;
import dev.tandem.inference.profile.TimedRuns;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Plans as predicted, as simulated, and as two members of one CPU each run them. The unsplit model is timed on the same CPUs
 * right before and after each measurement, and the profile is taken to be as much faster or slower.
 *
 * <p>The gateway is in the first member's process. The members stand for machines of their own, so where both compute at the
 * same time the unsplit model is timed on both at the same time: what they take from each other's memory bandwidth is not
 * the cost model's to know. What carrying takes is what the members have measured up to then, in requests that do not count.
 */
final class PredictedAndMeasured implements Experiment {

    private static final int NODES = 2;
    /** As many as a gateway works on at the same time by default. */
    private static final int IN_FLIGHT = 8;

    private static final int SAMPLES = 4;
    private static final int LEAST_ANSWERS = 3 * IN_FLIGHT;
    private static final long MEMORY_BYTES = 4L << 30;
    private static final double UNSPLIT_SECONDS = 0.3;
    /** In which members measure what carrying takes: they look each half second, and want three that are busy. */
    private static final double WARM_UP_SECONDS = 2.5;

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ProfileEffort EFFORT =
            new ProfileEffort(new TimedRuns(5, 30, 0.1), List.of(2, 3, 4, 6), 3, List.of(2, 4));
    private static final List<String> MODELS =
            List.of("mobilenet-v1-1.0", "mobilenet-v2", "resnet-18", "resnet-50", "vgg-16");
    private static final List<DeployOrder> ORDERS = List.of(
            new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1),
            new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, NODES, 1),
            new DeployOrder(Scheme.ROWS, Objective.LATENCY, NODES, NODES),
            new DeployOrder(Scheme.HYBRID, Objective.THROUGHPUT, NODES, NODES),
            new DeployOrder(Scheme.LANES, Objective.THROUGHPUT, NODES, 1));

    private final List<DeployOrder> orders;
    private final ProfileEffort effort;

    PredictedAndMeasured() {
        this(ORDERS, EFFORT);
    }

    PredictedAndMeasured(List<DeployOrder> orders, ProfileEffort effort) {
        this.orders = List.copyOf(orders);
        this.effort = effort;
    }

    /** What does not change while a model is measured. */
    private record Subject(String model, OfferedModel offered, Profile profile, UnsplitModels unsplit) {}

    /** A figure beside what was said of it. */
    private record Measured(double figure, Forecast.Said said, Compute compute) {}

    @FunctionalInterface
    private interface Measurement {
        double run() throws TimeoutException, InterruptedException;
    }

    @FunctionalInterface
    private interface Opinion {
        Forecast.Said on(List<Double> wholeSeconds);
    }

    @Override
    public String name() {
        return "predicted";
    }

    @Override
    public String purpose() {
        return "plans as predicted and simulated, beside what two members of one CPU each make of them";
    }

    @Override
    public Outcome run(Settings settings, Terminal terminal) throws Exception {
        List<Integer> cpus = CpuShares.available();
        if (cpus.size() < NODES) {
            throw CommandException.refused("two CPUs are needed, there are " + cpus.size() + ".");
        }
        Outcome outcome = settings.out().isPresent()
                ? ReportFiles.read(settings.out().get(), command(settings))
                : new Outcome(command(settings), List.of());
        for (String model : settings.models().isEmpty() ? MODELS : settings.models()) {
            outcome = outcome.with(measure(model, cpus.subList(0, NODES), settings, terminal));
            // What one model took is not lost when the next one fails.
            if (settings.out().isPresent()) {
                ReportFiles.write(settings.out().get(), outcome);
            }
        }
        return outcome;
    }

    private List<Round> measure(String model, List<Integer> cpus, Settings settings, Terminal terminal)
            throws Exception {
        BuiltInModel architecture = BuiltInModel.named(model);
        List<CoreGroupSpec> groups = cpus.stream()
                .map(cpu -> new CoreGroupSpec("unsplit-" + cpu, List.of(cpu), 1, true))
                .toList();
        TandemSettings tandem = SettingsLoader.load().settings();
        try (ScratchDirectory scratch = ScratchDirectory.create();
                ClusterSeat seat = ClusterSeat.hosting(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, cpus))) {
            seat.session().awaitNodes(NODES, DEADLINE);
            ModelPackage folded = architecture.fold(scratch.path());
            OfferedModel offered = OfferedModel.measure(folded);
            try (UnsplitModels unsplit =
                    UnsplitModels.open(folded, groups, group -> MemberNode.sessions(tandem, group))) {
                Profile profile = unsplit.profile(folded, effort);
                Subject subject = new Subject(model, offered.with(profile), profile, unsplit);
                List<Round> rounds = new ArrayList<>();
                for (DeployOrder order : orders) {
                    rounds.addAll(rounds(seat, subject, order, settings, terminal));
                }
                return rounds;
            }
        }
    }

    private static List<Round> rounds(
            ClusterSeat seat, Subject subject, DeployOrder order, Settings settings, Terminal terminal)
            throws TimeoutException, InterruptedException {
        ServedModel served = ServedModel.deploy(seat, subject.offered(), order);
        String scheme = order.scheme().orElseThrow().name().toLowerCase(Locale.ROOT);
        Requests requests = new Requests(served, settings.seed());
        requests.perSecond(WARM_UP_SECONDS);
        Forecast forecast = forecast(seat, subject, settings.seed());
        forecast.topology()
                .links()
                .forEach(link -> terminal.note(String.format(
                        Locale.ROOT,
                        "link %s -> %s: %.0f MB/s, %.0f us",
                        link.from(),
                        link.to(),
                        link.bandwidthBytesPerSecond() / 1e6,
                        link.latencySeconds() * 1e6)));
        forecast.topology().nodes().forEach(node -> terminal.note(carrying(node)));
        List<Round> rounds = new ArrayList<>();
        for (int number = 1; number <= settings.rounds(); number++) {
            Round round = round(subject, scheme, number, served, requests, forecast, settings.seconds());
            rounds.add(round);
            terminal.note(ReportFiles.line(round));
        }
        return rounds;
    }

    private static String carrying(Node node) {
        Carrying carrying = node.processor().carrying();
        return String.format(
                Locale.ROOT,
                "%s on %d CPUs: %.0f us per request, %.0f us per frame, %.2f ns per byte",
                node.id(),
                node.processor().cpus(),
                carrying.secondsPerRequest() * 1e6,
                carrying.secondsPerFrame() * 1e6,
                carrying.secondsPerByte() * 1e9);
    }

    private static Forecast forecast(ClusterSeat seat, Subject subject, long seed)
            throws TimeoutException, InterruptedException {
        ClusterView view = seat.session().awaitNodes(NODES, DEADLINE);
        Topology topology =
                new Topology(view.nodes().stream().map(NodeReport::node).toList(), view.links());
        var transport = SettingsLoader.load().settings().transport();
        return new Forecast(
                subject.offered().graph(),
                subject.profile(),
                topology,
                RuntimeCosts.measured(transport.frameBytes(), transport.window()),
                seat.session().name(),
                seed);
    }

    private static Round round(
            Subject subject,
            String scheme,
            int number,
            ServedModel served,
            Requests requests,
            Forecast forecast,
            double seconds)
            throws TimeoutException, InterruptedException {
        Plan plan = served.plan();
        boolean divided = plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .anyMatch(stage -> stage.shards().size() > 1);
        long places = plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place())
                .distinct()
                .count();
        Measured latency = beside(
                subject,
                served,
                divided,
                () -> requests.latencySeconds(seconds),
                whole -> forecast.latency(plan, whole));
        Measured throughput = beside(
                subject,
                served,
                places > 1,
                () -> requests.perSecond(seconds),
                whole -> forecast.throughput(plan, whole, IN_FLIGHT));
        return new Round(
                subject.model(),
                scheme,
                number,
                new Figures(plan.predicted().latencySeconds(), plan.predicted().throughputPerSecond()),
                new Figures(latency.said().predicted(), throughput.said().predicted()),
                new Figures(latency.said().simulated(), throughput.said().simulated()),
                new Figures(latency.figure(), throughput.figure()),
                new Round.Pair(
                        latency.said().compute().pathSeconds(),
                        latency.compute().pathSeconds()),
                new Round.Pair(
                        throughput.said().compute().busiestSeconds(),
                        throughput.compute().busiestSeconds()));
    }

    /** @param busy whether both CPUs compute at the same time */
    private static Measured beside(
            Subject subject, ServedModel served, boolean busy, Measurement measurement, Opinion opinion)
            throws TimeoutException, InterruptedException {
        List<Double> before = unsplit(subject, busy);
        Stats first = stats(served);
        double figure = measurement.run();
        List<Double> after = unsplit(subject, busy);
        Compute compute = ShardTimes.between(first, stats(served), served.plan());
        List<Double> whole = IntStream.range(0, before.size())
                .mapToObj(cpu -> (before.get(cpu) + after.get(cpu)) / 2)
                .toList();
        return new Measured(figure, opinion.on(whole), compute);
    }

    /** Long enough for all shards to report what they did before. */
    private static List<Double> unsplit(Subject subject, boolean busy) {
        return busy
                ? subject.unsplit().together(UNSPLIT_SECONDS)
                : subject.unsplit().alone(UNSPLIT_SECONDS);
    }

    private static Stats stats(ServedModel served) throws TimeoutException, InterruptedException {
        try {
            return served.stats().toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway does not say what it has done: " + e.getMessage(), e);
        }
    }

    private static String command(Settings settings) {
        return "tandem experiment predicted --seed " + settings.seed() + " --rounds " + settings.rounds()
                + " --seconds " + settings.seconds();
    }

    /** Asks a model with inputs made up in advance. */
    private static final class Requests {
        private final ServedModel served;
        private final List<Map<String, TensorValue>> samples;

        Requests(ServedModel served, long seed) {
            SampleInputs inputs = new SampleInputs(served.graph().inputs(), seed);
            this.served = served;
            this.samples = IntStream.range(0, SAMPLES).mapToObj(inputs::sample).toList();
        }

        /** Median, one at a time. */
        double latencySeconds(double seconds) throws TimeoutException, InterruptedException {
            MeasuringTime time = new MeasuringTime(nanos(seconds / 5), nanos(seconds));
            return new ClosedLoop<Map<String, TensorValue>>(1, DEADLINE)
                    .runFor(time, request -> served.infer(samples.get(request % SAMPLES), DEADLINE), figures -> {})
                    .p50Seconds();
        }

        /** Answers per second while as many are in flight as may be, from when the plan is full to when it no longer is. */
        double perSecond(double seconds) throws TimeoutException, InterruptedException {
            double first = rate(LEAST_ANSWERS);
            return first * seconds < LEAST_ANSWERS ? first : rate((int) (first * seconds) + IN_FLIGHT);
        }

        private double rate(int count) throws TimeoutException, InterruptedException {
            List<Long> answered = new ArrayList<>();
            var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                    .run(
                            count,
                            request -> served.infer(samples.get(request % SAMPLES), DEADLINE),
                            (request, outputs) -> answered.add(System.nanoTime()),
                            figures -> {});
            int from = IN_FLIGHT / 2;
            int last = answered.size() - IN_FLIGHT / 2 - 1;
            return (last - from) / ((answered.get(last) - answered.get(from)) / 1e9);
        }

        private static Duration nanos(double seconds) {
            return Duration.ofNanos((long) (seconds * 1e9));
        }
    }
}
