package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.scenario.Goal;
import dev.tandem.deploy.load.scenario.LoadTarget;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.PlainModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a cluster makes of a model, beside plain ONNX Runtime. */
@CommandLine.Command(
        name = "bench",
        header = "Measure a model on a cluster beside plain ONNX Runtime.",
        description = {
            "",
            "Loads a model that is divided over a cluster, in turns with plain ONNX Runtime on the same CPUs and with as"
                    + " many threads in one session, and prints rates, latencies and their ratio. Without --rate so"
                    + " many requests are in flight at any time; with it they leave at set times.",
            "With --scenario it measures the cluster alone, in the way of MLPerf Inference, and says whether the result"
                    + " is valid: the run must be long enough, and so few queries over the bound that the percentile"
                    + " holds with a confidence of 99 %%. The exit code is 1 where it is not.",
            "The model is a file, or an architecture of 'tandem zoo --list' with random weights.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem bench resnet-50",
            "  tandem bench model.onnx --nodes 2 --scheme pipeline --json",
            "  tandem bench mobilenet-v1-0.5 --resolution 160 --rate 200 --duration 10 --rounds 3",
            "  tandem bench resnet-50 --nodes 2 --scenario single-stream",
            "  tandem bench resnet-50 --nodes 2 --scenario server --latency-bound 200ms --percentile 95",
            "  tandem bench model.onnx --scenario offline --min-duration 600s --json --queries samples.csv"
        })
public final class BenchCommand implements Command {

    private static final int SAMPLES = 4;
    private static final long SEED = 2026;

    @Mixin
    private BenchModel model = new BenchModel();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description =
                    "Members of a local cluster, and the most that a plan may use. Default: 1; in a running cluster"
                            + " all.")
    private @Nullable Integer nodes;

    @Option(names = "--scheme", defaultValue = "auto", description = SchemeWords.SCHEMES + " Default: auto.")
    private Scheme scheme = Scheme.AUTO;

    @Option(names = "--shards", paramLabel = "K", description = SchemeWords.SHARDS)
    private @Nullable Integer shards;

    @Option(
            names = "--inside",
            negatable = true,
            description =
                    "Whether the first member of a local cluster is the process that makes the requests: inputs pass"
                            + " by reference then. Default: with one node.")
    private @Nullable Boolean inside;

    @Mixin
    private BenchLoadArguments load = new BenchLoadArguments();

    @Mixin
    private ScenarioArguments scenario = new ScenarioArguments();

    @Mixin
    private ClusterArguments cluster = new ClusterArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        Optional<Goal> goal = scenario.goal();
        check(goal);
        try (ScratchDirectory folder = ScratchDirectory.create()) {
            Path file = model.file(folder);
            ModelPackage folded = FoldCache.fold(file, model.dimensions());
            OfferedModel offered = OfferedModel.measure(folded);
            try (ClusterSeat seat = cluster.open(terminal, localNodes(), isInside())) {
                int most = most(seat);
                ServedModel served = deploy(seat, offered, most);
                return goal.isPresent()
                        ? scenario(terminal, seat, served, most, goal.get())
                        : rounds(terminal, seat, file, served, most);
            }
        }
    }

    private void check(Optional<Goal> goal) {
        load.check();
        var unused = cluster.halo();
        goal.ifPresent(load::checkFor);
        CommandLines.requireAtLeastOne("--nodes", localNodes());
        if (shards != null) {
            CommandLines.requireAtLeastOne("--shards", shards);
        }
        if (cluster.isRunning() && inside != null && inside) {
            throw CommandException.usage("--inside is for a local cluster; with --cluster requests come from outside.");
        }
        cluster.check();
    }

    private int most(ClusterSeat seat) throws TimeoutException, InterruptedException {
        return nodes == null && cluster.isRunning()
                ? seat.session()
                        .awaitNodes(1, ClusterArguments.NODES_DEADLINE)
                        .nodes()
                        .size()
                : localNodes();
    }

    private ServedModel deploy(ClusterSeat seat, OfferedModel offered, int most)
            throws TimeoutException, InterruptedException {
        DeployOrder order = new DeployOrder(
                        Optional.of(scheme), cluster.objective(), most, shards == null ? most : shards)
                .coded(cluster.codec())
                .halo(cluster.halo());
        return ServedModel.deploy(seat, offered, order);
    }

    private ExitCode rounds(Terminal terminal, ClusterSeat seat, Path file, ServedModel served, int most)
            throws TimeoutException, InterruptedException {
        BenchReport.Setting setting = new BenchReport.Setting(
                served.graph().name(),
                load.load(most),
                generator(),
                load.time(),
                place(most),
                PlanView.of(served.plan(), served.graph()),
                command());
        BenchReport report = BenchReport.of(setting, measured(terminal, seat, file, served, setting));
        if (format.isJson()) {
            terminal.json(report);
        } else {
            report.print(terminal);
        }
        return ExitCode.OK;
    }

    private BenchRunner.Measured measured(
            Terminal terminal, ClusterSeat seat, Path file, ServedModel served, BenchReport.Setting setting)
            throws TimeoutException, InterruptedException {
        List<Map<String, TensorValue>> samples = samples(served);
        List<Integer> cpus = setting.baseline().cpus();
        try (PlainModel baseline =
                        PlainModel.open(file, cpus, setting.baseline().threads(), samples.get(0));
                PlainModel oneCpu =
                        cpus.size() > 1 ? PlainModel.open(file, cpus.subList(0, 1), 1, samples.get(0)) : null;
                ProgressLine progress = new ProgressLine(terminal)) {
            return new BenchRunner(served, samples, baseline, oneCpu, setting.load(), setting.time(), load.deadline())
                    .run(load.rounds(), progress);
        } catch (RuntimeException | TimeoutException e) {
            throw Diagnosis.of(e, seat);
        }
    }

    private ExitCode scenario(Terminal terminal, ClusterSeat seat, ServedModel served, int most, Goal goal)
            throws IOException, TimeoutException, InterruptedException {
        ScenarioRunner.Measured measured = measured(terminal, seat, served, most, goal);
        ScenarioReport.Setting setting = new ScenarioReport.Setting(
                served.graph().name(),
                load.inFlight(most),
                SAMPLES,
                generator(),
                PlanView.of(served.plan(), served.graph()),
                command());
        if (scenario.file().isPresent()) {
            scenario.file().get().write(measured.result().run().queries());
        }
        if (format.isJson()) {
            terminal.json(ScenarioReport.of(setting, measured));
        } else {
            new ScenarioSummary(terminal, setting, measured).print();
        }
        return measured.result().isValid() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private ScenarioRunner.Measured measured(
            Terminal terminal, ClusterSeat seat, ServedModel served, int most, Goal goal)
            throws TimeoutException, InterruptedException {
        List<Map<String, TensorValue>> samples = samples(served);
        LoadTarget target = new LoadTarget(
                query -> served.infer(samples.get(query % samples.size()), load.deadline())
                        .thenApply(outputs -> outputs),
                BenchLoad::judge,
                load.deadline().plus(BenchLoad.SLACK));
        try (ProgressLine progress = new ProgressLine(terminal)) {
            return new ScenarioRunner(target, goal, load.inFlight(most), load.rate()).run(progress);
        } catch (RuntimeException | TimeoutException e) {
            throw Diagnosis.of(e, seat);
        }
    }

    private static List<Map<String, TensorValue>> samples(ServedModel served) {
        SampleInputs inputs = new SampleInputs(served.graph().inputs(), SEED);
        return IntStream.range(0, SAMPLES).mapToObj(inputs::sample).toList();
    }

    /** The CPUs and threads of all members together; of a running cluster only this machine's are at hand. */
    private BenchReport.Place place(int members) {
        if (cluster.isRunning()) {
            List<Integer> cpus = CpuShares.available();
            return new BenchReport.Place(cpus, cpus.size());
        }
        List<NodeTemplate.Group> groups = cluster.members(members).stream()
                .flatMap(member -> member.coreGroups().stream())
                .toList();
        List<Integer> cpus = groups.stream()
                .flatMap(group -> group.cpus().stream())
                .distinct()
                .sorted()
                .toList();
        int threads = groups.stream().mapToInt(NodeTemplate.Group::threads).sum();
        return new BenchReport.Place(cpus, Math.min(threads, cpus.size()));
    }

    private BenchReport.Generator generator() {
        if (cluster.isRunning()) {
            return BenchReport.Generator.CLUSTER;
        }
        return isInside() ? BenchReport.Generator.INSIDE : BenchReport.Generator.BESIDE;
    }

    private boolean isInside() {
        return !cluster.isRunning() && (inside == null ? localNodes() == 1 : inside);
    }

    private int localNodes() {
        return nodes == null ? 1 : nodes;
    }

    /** As it was typed, so that who reads a result can repeat it. */
    private String command() {
        if (spec == null) {
            return "tandem bench";
        }
        return "tandem "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
