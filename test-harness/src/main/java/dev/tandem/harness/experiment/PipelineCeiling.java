package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.inference.onnx.ModelPackage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Throughput of a pipeline over two nodes of one CPU each, against two bare sessions that run the same two segments at the
 * same time on the same CPUs, and against one bare session with the whole model on one CPU. The three take turns, so that
 * the machine's drift hits all alike.
 */
final class PipelineCeiling implements Experiment {

    private static final int NODES = 2;
    private static final int IN_FLIGHT = 8;
    private static final int SAMPLES = 4;
    private static final long SEED = 2026;
    private static final long MEMORY_BYTES = 4L << 30;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * One round.
     *
     * @param pipelinePerSecond through the cluster
     * @param ceilingPerSecond of the slower of the two bare segments, both running
     * @param oneCpuPerSecond of the whole model in one bare session on one CPU, the other idle
     */
    record Round(double pipelinePerSecond, double ceilingPerSecond, double oneCpuPerSecond) {
        double ofCeiling() {
            return pipelinePerSecond / ceilingPerSecond;
        }

        double ofOneCpu() {
            return pipelinePerSecond / oneCpuPerSecond;
        }
    }

    /** What came of one model: medians over its rounds. */
    record Result(String model, List<String> stages, double ofCeiling, double ofOneCpu, List<Round> rounds) {}

    @Override
    public String name() {
        return "pipeline-ceiling";
    }

    @Override
    public String purpose() {
        return "two-node pipeline against two bare sessions running its segments";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        List<Integer> cpus = CpuShares.available();
        if (cpus.size() < NODES) {
            throw CommandException.refused("two CPUs are needed, there are " + cpus.size() + ".");
        }
        List<String> models = settings.models().isEmpty() ? List.of("resnet-50", "vgg-16") : settings.models();
        List<Result> results = new ArrayList<>();
        for (String model : models) {
            results.add(measure(model, cpus.subList(0, NODES), settings, terminal));
        }
        return results;
    }

    private static Result measure(String model, List<Integer> cpus, Settings settings, Terminal terminal)
            throws Exception {
        BuiltInModel architecture = BuiltInModel.named(model);
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            ModelPackage folded = architecture.fold(scratch.path());
            OfferedModel offered = OfferedModel.measure(folded);
            try (ClusterSeat seat = ClusterSeat.hosting(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, cpus))) {
                seat.session().awaitNodes(NODES, DEADLINE);
                ServedModel served = ServedModel.deploy(
                        seat, offered, new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, NODES, 1));
                return rounds(model, served, folded, scratch.path(), cpus, settings, terminal);
            }
        }
    }

    private static Result rounds(
            String model,
            ServedModel served,
            ModelPackage folded,
            Path scratch,
            List<Integer> cpus,
            Settings settings,
            Terminal terminal)
            throws Exception {
        List<Round> rounds = new ArrayList<>();
        try (BareSegments segments = BareSegments.of(folded, served.plan(), scratch, cpus);
                BareSegments whole = BareSegments.whole(folded, cpus.get(0))) {
            pipeline(served, settings.seconds());
            for (int round = 0; round < settings.rounds(); round++) {
                Round measured = new Round(
                        pipeline(served, settings.seconds()),
                        segments.slowestPerSecond(settings.seconds()),
                        whole.slowestPerSecond(settings.seconds() / 2));
                rounds.add(measured);
                terminal.note(String.format(
                        "%s round %d: pipeline %.2f/s, ceiling %.2f/s (ratio %.3f), one CPU %.2f/s (ratio %.2f)",
                        model,
                        round + 1,
                        measured.pipelinePerSecond(),
                        measured.ceilingPerSecond(),
                        measured.ofCeiling(),
                        measured.oneCpuPerSecond(),
                        measured.ofOneCpu()));
            }
        }
        return new Result(
                model,
                stages(served.plan()),
                Medians.of(rounds, Round::ofCeiling),
                Medians.of(rounds, Round::ofOneCpu),
                rounds);
    }

    private static List<String> stages(Plan plan) {
        return plan.lanes().get(0).stages().stream()
                .map(stage -> "layers " + stage.segment().from() + " to "
                        + stage.segment().to() + " on " + stage.shards().get(0).place())
                .toList();
    }

    /** Answers per second with a fixed number of requests on their way, the first ones not counted. */
    private static double pipeline(ServedModel served, double seconds) throws Exception {
        SampleInputs inputs = new SampleInputs(served.graph().inputs(), SEED);
        List<Map<String, TensorValue>> samples = new ArrayList<>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            samples.add(inputs.sample(sample));
        }
        ClosedLoop<Map<String, TensorValue>> loop = new ClosedLoop<>(IN_FLIGHT, DEADLINE);
        double warmUp = perSecond(loop, served, samples, IN_FLIGHT * 2);
        return perSecond(loop, served, samples, (int) Math.max(IN_FLIGHT * 4, warmUp * seconds));
    }

    /** Counts from the answer after which the pipeline is full to the last one that leaves it full. */
    private static double perSecond(
            ClosedLoop<Map<String, TensorValue>> loop,
            ServedModel served,
            List<Map<String, TensorValue>> samples,
            int requests)
            throws Exception {
        List<Long> answered = new ArrayList<>();
        var unused = loop.run(
                requests,
                request -> served.infer(samples.get(request % SAMPLES), DEADLINE),
                (request, outputs) -> answered.add(System.nanoTime()),
                figures -> {});
        int first = IN_FLIGHT / 2;
        int last = answered.size() - IN_FLIGHT / 2 - 1;
        return (last - first) / ((answered.get(last) - answered.get(first)) / 1e9);
    }
}
