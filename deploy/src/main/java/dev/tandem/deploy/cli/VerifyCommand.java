package dev.tandem.deploy.cli;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that the split model computes what the unsplit one does. */
@CommandLine.Command(
        name = "verify",
        header = "Prove that the split model computes what the unsplit one does.",
        description = {
            "",
            "Runs a model divided over a local cluster and, unsplit and as it came, in plain ONNX Runtime, and compares"
                    + " every output of every sample. Several models, schemes, node and shard counts make a matrix, for"
                    + " which one cluster is started. Quantised models must be equal bit by bit, others within 1e-4 of"
                    + " the output's range (1e-3 where outputs are float16). With a --codec that loses something it is"
                    + " 1e-2 for float16 and 0.1 for int8.",
            ""
        },
        footer = {
            "",
            "A row is refused where the model does not fit the scheme; the reason is printed. The exit code is 1 when a"
                    + " row fails, 4 when all rows are refused.",
            "With --json there is one object per row and line.",
            "",
            "Examples:",
            "  tandem verify model.onnx --nodes 3",
            "  tandem verify model.onnx --scheme rows --shards 2,3,4 --samples 5 --json",
            "  tandem verify models/*.onnx --scheme single,pipeline,rows --nodes 2,3,4 --shards 2,3,4",
            "  tandem verify models/*.onnx --scheme pipeline,rows,grid,channels --nodes 2 --shards 2 --page divided.md",
            "  tandem verify model.onnx --scheme rows,grid --shards 4 --halo recompute,exchange",
            "  tandem verify model.onnx --scheme pipeline --nodes 3 --codec float16-lz4"
        })
public final class VerifyCommand implements Command {

    private static final int IN_FLIGHT = 4;
    private static final long SEED = 20_261_121;
    private static final double FLOAT_TOLERANCE = 1e-4;
    private static final double HALF_TOLERANCE = 1e-3;
    /** Of codecs, whose errors grow or shrink from layer to layer: no bound that follows from theirs. */
    private static final double FLOAT16_TOLERANCE = 1e-2;

    private static final double INT8_TOLERANCE = 0.1;
    private static final int REFERENCE_THREADS = 1;

    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "ONNX files.")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--dim",
            paramLabel = "NAME=VALUE",
            description = "Value of a dynamic dimension, by its name or as INPUT[AXIS]; may be repeated.")
    private List<String> dimensions = new ArrayList<>();

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "N",
            description = "Nodes to use; exactly as many for a pipeline. Default: as many as shards, or 2.")
    private List<Integer> nodes = new ArrayList<>();

    @Option(
            names = "--scheme",
            split = ",",
            paramLabel = "SCHEME",
            defaultValue = "auto",
            description =
                    "auto, single, pipeline, rows, grid, channels, batch, branches, hybrid or lanes. Default: auto.")
    private List<Scheme> schemes = new ArrayList<>();

    @Option(names = "--shards", split = ",", paramLabel = "K", description = SchemeWords.SHARDS)
    private List<Integer> shards = new ArrayList<>();

    @Option(
            names = "--samples",
            paramLabel = "S",
            defaultValue = "4",
            description = "Inputs to try, made up from a fixed seed. Default: 4.")
    private int samples;

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            description = "Largest difference allowed, as a share of the output's range; 0: equal bit by bit.")
    private @Nullable Double tolerance;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Longest time for one request. Default: 120.")
    private int timeoutSeconds;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Also write a page of Markdown: models by schemes, and why a scheme does not apply.")
    private @Nullable Path page;

    @Mixin
    private ClusterArguments cluster = new ClusterArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) throws IOException, TimeoutException, InterruptedException {
        CommandLines.requireAtLeastOne("--samples", samples);
        CommandLines.requireAtLeastOne("--timeout", timeoutSeconds);
        if (tolerance != null && !(tolerance >= 0)) {
            throw CommandException.usage("--tolerance (" + tolerance + ") must be a number of at least 0.");
        }
        models.forEach(ModelFiles::require);
        requireFolder(page);
        DimensionValues values = DimensionValues.of(dimensions);
        List<Division> divisions = Division.all(schemes, nodes, shards, cluster.halos());
        VerifyReport report = new VerifyReport(terminal, format.isJson());
        try (ClusterSeat seat = cluster.open(terminal, Division.mostNodes(divisions))) {
            for (Path model : models) {
                verify(seat, report, model, values, divisions);
            }
        } finally {
            report.finish();
            if (page != null) {
                VerifyPage.write(page, report.rows());
            }
        }
        return report.exitCode();
    }

    /** Before a cluster starts and hours of work are done. */
    private static void requireFolder(@Nullable Path page) {
        Path folder = page == null ? null : page.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw CommandException.usage("--page (" + page + ") must lie in a folder that exists, but " + folder
                    + " does not. Maybe create it.");
        }
    }

    private void verify(
            ClusterSeat seat, VerifyReport report, Path model, DimensionValues values, List<Division> divisions)
            throws IOException, TimeoutException, InterruptedException {
        try {
            ModelPackage folded = FoldCache.fold(model, values, cluster.cluster());
            SampleInputs inputs = new SampleInputs(folded.graph().inputs(), SEED);
            List<Map<String, TensorValue>> expected = expected(model, inputs);
            OfferedModel offered = OfferedModel.measure(folded);
            for (Division division : divisions) {
                report.add(row(seat, model, offered, division, inputs, expected));
            }
        } catch (ModelRefusedException e) {
            for (Division division : divisions) {
                report.add(VerifyRow.refused(model, division, samples, String.valueOf(e.getMessage())));
            }
        } catch (CommandException e) {
            throw e;
        } catch (RuntimeException e) {
            for (Division division : divisions) {
                report.add(VerifyRow.failed(model, division, samples, String.valueOf(e.getMessage())));
            }
        }
    }

    private VerifyRow row(
            ClusterSeat seat,
            Path model,
            OfferedModel offered,
            Division division,
            SampleInputs inputs,
            List<Map<String, TensorValue>> expected)
            throws TimeoutException, InterruptedException {
        try {
            DeployOrder order = new DeployOrder(
                            Optional.of(division.scheme()), cluster.objective(), division.nodes(), division.shards())
                    .coded(cluster.codec())
                    .halo(division.halo());
            ServedModel served = ServedModel.deploy(seat, offered, order);
            Comparison worst = compare(served, inputs, expected);
            PlanView plan = PlanView.of(served.plan(), served.graph());
            return VerifyRow.measured(model, division, plan, samples, worst, tolerance(offered.graph(), served.plan()));
        } catch (PlanRefusedException e) {
            return VerifyRow.refused(model, division, samples, String.valueOf(e.getMessage()));
        } catch (RuntimeException | TimeoutException e) {
            if (seat.deadMember().isPresent()) {
                throw Diagnosis.of(e, seat);
            }
            return VerifyRow.failed(model, division, samples, String.valueOf(e.getMessage()));
        }
    }

    private Comparison compare(ServedModel served, SampleInputs inputs, List<Map<String, TensorValue>> expected)
            throws TimeoutException, InterruptedException {
        Comparison[] worst = {Comparison.EQUAL};
        Duration deadline = Duration.ofSeconds(timeoutSeconds);
        var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, deadline.multipliedBy(2))
                .run(
                        samples,
                        sample -> served.infer(inputs.sample(sample), deadline),
                        (sample, actual) -> worst[0] = worst[0].worst(Comparison.ofAll(expected.get(sample), actual)),
                        figures -> {});
        return worst[0];
    }

    private List<Map<String, TensorValue>> expected(Path model, SampleInputs inputs) {
        try (UnsplitModel unsplit = UnsplitModel.open(model, REFERENCE_THREADS)) {
            return IntStream.range(0, samples)
                    .mapToObj(sample -> unsplit.run(inputs.sample(sample)))
                    .toList();
        }
    }

    private double tolerance(ModelGraph graph, Plan plan) {
        if (tolerance != null) {
            return tolerance;
        }
        OptionalDouble lossy = plan.lanes().stream()
                .flatMap(lane -> lane.edges().stream())
                .map(Edge::codec)
                .filter(Codec::isLossy)
                .mapToDouble(codec -> codec.form() == Codec.Form.INT8 ? INT8_TOLERANCE : FLOAT16_TOLERANCE)
                .max();
        if (lossy.isPresent()) {
            return lossy.getAsDouble();
        }
        boolean halves = graph.outputs().stream().anyMatch(output -> output.type() == ElementType.FLOAT16);
        return graph.isQuantised() ? 0 : halves ? HALF_TOLERANCE : FLOAT_TOLERANCE;
    }
}
