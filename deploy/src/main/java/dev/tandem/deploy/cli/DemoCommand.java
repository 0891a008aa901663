package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows in half a minute what Tandem does. */
@CommandLine.Command(
        name = "demo",
        header = "Show on this machine what Tandem does.",
        description = {
            "",
            "Starts four unequal members on this machine, writes a built-in model, cuts it over them, streams made-up"
                    + " images through, and checks every result against the unsplit model. Leaves nothing behind.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem demo",
            "  tandem demo --model resnet-18 --requests 100",
            "  tandem demo --scheme rows"
        })
public final class DemoCommand implements Command {

    private static final Duration NODES_DEADLINE = Duration.ofMinutes(1);
    private static final Duration REQUEST_DEADLINE = Duration.ofMinutes(1);
    private static final int IN_FLIGHT = 8;
    private static final int IMAGES = 16;
    private static final long SEED = 2026;
    private static final double TOLERANCE = 1e-4;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "mobilenet-v2",
            description = "An architecture of 'tandem zoo --list'. Default: mobilenet-v2.")
    private String model = "mobilenet-v2";

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "300",
            description = "Inferences to stream. Default: 300.")
    private int requests;

    @Option(
            names = "--scheme",
            defaultValue = "pipeline",
            description =
                    "auto, single, pipeline, rows, grid, channels, batch, branches, hybrid or lanes. Default: pipeline.")
    private Scheme scheme = Scheme.PIPELINE;

    @Mixin
    private JsonOption format = new JsonOption();

    /** Everything that came of it, for programs; {@code problem} where results cannot be compared at all. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Outcome(
            PlanView plan,
            LoadFigures load,
            List<LiveStatus.BusyShare> busy,
            double maxAbsError,
            double maxRelError,
            double tolerance,
            boolean pass,
            @Nullable String problem) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        CommandLines.requireAtLeastOne("--requests", requests);
        ZooModel architecture = ZooModel.named(model)
                .orElseThrow(() -> CommandException.usage("no architecture '" + model + "'; see 'tandem zoo --list'."));
        try (ScratchDirectory folder = ScratchDirectory.create()) {
            Path file = architecture
                    .write(folder.path().resolve(model + ".onnx"), ZooOptions.defaults())
                    .file();
            terminal.note("starting four unequal members on this machine");
            List<NodeTemplate> members = DemoMembers.templates(CpuShares.available());
            ModelPackage folded = FoldCache.fold(file, DimensionValues.DEFAULTS);
            try (ClusterSeat seat = ClusterSeat.local(members)) {
                awaitMembers(seat, members.size());
                return show(terminal, seat, file, OfferedModel.measure(folded), members.size());
            }
        }
    }

    private static void awaitMembers(ClusterSeat seat, int members) throws InterruptedException {
        try {
            seat.session().awaitNodes(members, NODES_DEADLINE);
        } catch (RuntimeException | TimeoutException e) {
            throw Diagnosis.of(e, seat);
        }
    }

    private ExitCode show(Terminal terminal, ClusterSeat seat, Path file, OfferedModel offered, int members)
            throws TimeoutException, InterruptedException {
        SampleInputs samples = new SampleInputs(offered.graph().inputs(), SEED);
        List<Map<String, TensorValue>> images =
                IntStream.range(0, IMAGES).mapToObj(samples::sample).toList();
        List<Map<String, TensorValue>> expected;
        try (UnsplitModel unsplit = UnsplitModel.open(file, 1)) {
            expected = images.stream().map(unsplit::run).toList();
        }
        ServedModel served =
                Diagnosis.deploy(seat, offered, new DeployOrder(scheme, Objective.THROUGHPUT, members, members));
        PlanView plan = PlanView.of(served.plan(), served.graph());
        if (!format.isJson()) {
            plan.print(terminal);
        }
        Outcome outcome = stream(terminal, seat, served, plan, images, expected);
        report(terminal, outcome);
        return outcome.pass() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private Outcome stream(
            Terminal terminal,
            ClusterSeat seat,
            ServedModel served,
            PlanView plan,
            List<Map<String, TensorValue>> images,
            List<Map<String, TensorValue>> expected)
            throws TimeoutException, InterruptedException {
        Comparison[] worst = {Comparison.EQUAL};
        LiveStatus status = new LiveStatus(served, requests);
        try (ProgressLine progress = new ProgressLine(terminal)) {
            LoadFigures load = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, REQUEST_DEADLINE.multipliedBy(2))
                    .run(
                            requests,
                            request -> served.infer(images.get(request % IMAGES), REQUEST_DEADLINE),
                            (request, actual) ->
                                    worst[0] = worst[0].worst(Comparison.ofAll(expected.get(request % IMAGES), actual)),
                            figures -> progress.update(() -> status.text(figures)));
            return new Outcome(
                    plan,
                    load,
                    status.busy(),
                    worst[0].maxAbsError(),
                    worst[0].maxRelError(),
                    TOLERANCE,
                    worst[0].isWithin(TOLERANCE),
                    worst[0].problem().orElse(null));
        } catch (RuntimeException | TimeoutException e) {
            throw Diagnosis.of(e, seat);
        }
    }

    private void report(Terminal terminal, Outcome outcome) {
        if (format.isJson()) {
            terminal.json(outcome);
            return;
        }
        LoadFigures load = outcome.load();
        terminal.line("");
        terminal.line("Streamed " + load.requests() + " inferences in " + Figures.digits(load.seconds()) + " s: "
                + Figures.digits(load.throughputPerSecond()) + " per second, p50 " + Figures.millis(load.p50Seconds())
                + " ms, p99 " + Figures.millis(load.p99Seconds()) + " ms");
        outcome.busy()
                .forEach(share -> terminal.line("  stage " + share.stage() + " on " + share.node() + " busy "
                        + Figures.percent(share.share())));
        terminal.line((outcome.pass() ? "All results equal" : "RESULTS DIFFER FROM")
                + " those of the unsplit model: largest difference "
                + Figures.error(outcome.maxRelError()) + " of the output's range (allowed: "
                + Figures.error(outcome.tolerance()) + ")."
                + (outcome.problem() == null ? "" : " A result " + outcome.problem() + "."));
    }
}
