package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.tensor.Labels;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.tensor.TopClasses;
import dev.tandem.deploy.tensor.TopClasses.ClassScore;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a model, divided over a cluster, on pictures or tensors. */
@CommandLine.Command(
        name = "run",
        header = "Run a model, divided over a cluster, on pictures or tensors.",
        description = {
            "",
            "Divides a model over a cluster and runs it on pictures (one request each, several in flight) or on tensors"
                    + " from .npy or .pb files. Prints the plan, the best classes where an output is a list of scores,"
                    + " and with --out writes every output tensor as .npy: into DIR, or for several pictures into a"
                    + " folder per picture.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem run mobilenet.onnx cat.jpg dog.png --nodes 3 --labels imagenet.txt --normalize signed",
            "  tandem run model.onnx --input image=x.npy --out results --scheme rows --shards 2",
            "  tandem run model.onnx photos/*.jpg --cluster tandem.conf --json"
        })
public final class RunCommand implements Command {

    private static final int IN_FLIGHT = 8;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Parameters(index = "1..*", paramLabel = "IMAGE", description = "Pictures: PNG, JPEG, BMP or GIF.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--input",
            paramLabel = "NAME=FILE",
            description = "Tensor for an input, a .npy or .pb file; may be repeated.")
    private List<String> inputs = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Write every output tensor as .npy into this folder.")
    private @Nullable Path out;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "2",
            description = "Members of a local cluster, and the most that a plan may use. Default: 2.")
    private int nodes;

    @Option(
            names = "--scheme",
            description = SchemeWords.SCHEMES
                    + " Default: as tandem.planner.scheme of the cluster says, auto unless it is set.")
    private @Nullable Scheme scheme;

    @Option(names = "--shards", paramLabel = "K", description = SchemeWords.SHARDS)
    private @Nullable Integer shards;

    @Option(names = "--top", paramLabel = "K", defaultValue = "5", description = "Classes to show. Default: 5.")
    private int top;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Longest time for one request. Default: 60.")
    private int timeoutSeconds;

    @Mixin
    private ImageArguments pictures = new ImageArguments();

    @Mixin
    private ClusterArguments cluster = new ClusterArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    /** Everything that came of it, for programs. */
    record Outcome(PlanView plan, List<SampleResult> results, LoadFigures load, List<String> inputsWithNan) {}

    /** One sample. */
    record SampleResult(String input, List<OutputResult> outputs) {}

    /** One output tensor of one sample; {@code top} where it is a list of scores. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OutputResult(
            String name,
            String type,
            List<Integer> shape,
            boolean hasNan,
            @Nullable String file,
            @Nullable List<ClassScore> top) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        CommandLines.requireAtLeastOne("--nodes", nodes);
        CommandLines.requireAtLeastOne("--timeout", timeoutSeconds);
        CommandLines.requireAtLeastOne("--top", top);
        if (shards != null) {
            CommandLines.requireAtLeastOne("--shards", shards);
        }
        Optional<Halo> halo = cluster.halo();
        Path file = model.file();
        Labels labels = pictures.labels();
        ModelPackage folded = FoldCache.fold(file, model.dimensions(), cluster.cluster());
        RunSamples samples = RunSamples.of(folded.graph(), images, inputs, pictures.options());
        samples.notNumbers().forEach(name -> terminal.note("input '" + name + "' holds values that are NaN"));
        try (ClusterSeat seat = cluster.open(terminal, nodes)) {
            int parts = shards == null ? nodes : shards;
            ServedModel served = Diagnosis.deploy(
                    seat,
                    OfferedModel.measure(folded),
                    new DeployOrder(Optional.ofNullable(scheme), cluster.objective(), nodes, parts)
                            .coded(cluster.codec())
                            .halo(halo));
            report(terminal, served, samples, stream(terminal, seat, served, samples, labels));
        }
        return ExitCode.OK;
    }

    private Streamed stream(Terminal terminal, ClusterSeat seat, ServedModel served, RunSamples samples, Labels labels)
            throws TimeoutException, InterruptedException {
        Map<Integer, SampleResult> results = new TreeMap<>();
        Duration deadline = Duration.ofSeconds(timeoutSeconds);
        try (ProgressLine progress = new ProgressLine(terminal)) {
            LiveStatus status = new LiveStatus(served, samples.size());
            LoadFigures load = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, deadline.multipliedBy(2))
                    .run(
                            samples.size(),
                            sample -> served.infer(samples.tensors(sample), deadline),
                            (sample, outputs) -> results.put(sample, result(samples, sample, outputs, labels)),
                            figures -> progress.update(() -> status.text(figures)));
            return new Streamed(List.copyOf(results.values()), load);
        } catch (RuntimeException | TimeoutException e) {
            throw Diagnosis.of(e, seat);
        }
    }

    private void report(Terminal terminal, ServedModel served, RunSamples samples, Streamed streamed) {
        PlanView plan = PlanView.of(served.plan(), served.graph());
        if (format.isJson()) {
            terminal.json(new Outcome(plan, streamed.results(), streamed.load(), samples.notNumbers()));
            return;
        }
        plan.print(terminal);
        streamed.results().forEach(result -> print(terminal, result));
        if (samples.size() > 1) {
            LoadFigures load = streamed.load();
            terminal.line("");
            terminal.line(load.requests() + " requests in " + Figures.digits(load.seconds()) + " s: "
                    + Figures.digits(load.throughputPerSecond()) + " per second, p50 "
                    + Figures.millis(load.p50Seconds()) + " ms, p99 " + Figures.millis(load.p99Seconds()) + " ms");
        }
    }

    private static void print(Terminal terminal, SampleResult result) {
        terminal.line("");
        terminal.line(result.input());
        for (OutputResult output : result.outputs()) {
            terminal.line("  " + output.name() + " " + output.type() + output.shape()
                    + (output.hasNan() ? "  holds NaN" : "") + (output.file() == null ? "" : "  -> " + output.file()));
            if (output.top() != null) {
                for (ClassScore score : output.top()) {
                    terminal.line(String.format(
                            Locale.ROOT,
                            "  %6.2f %%  %5d  %s",
                            score.probability() * 100,
                            score.index(),
                            score.label()));
                }
            }
        }
    }

    private SampleResult result(RunSamples samples, int sample, Map<String, TensorValue> outputs, Labels labels) {
        OutputFolder folder = new OutputFolder(out, samples.size() > 1);
        List<OutputResult> results = outputs.values().stream()
                .map(output -> new OutputResult(
                        output.spec().name(),
                        output.spec().type().name().toLowerCase(Locale.ROOT),
                        output.spec().shape(),
                        output.hasNan(),
                        folder.write(samples.name(sample), sample, output),
                        TopClasses.looksLikeScores(output) ? TopClasses.of(output, labels, top) : null))
                .toList();
        return new SampleResult(samples.name(sample), results);
    }

    private record Streamed(List<SampleResult> results, LoadFigures load) {}
}
