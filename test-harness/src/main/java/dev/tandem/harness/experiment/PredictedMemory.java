package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
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
import dev.tandem.harness.experiment.memory.ProcessFiles;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Memory of members before a model is placed, and the most that they have had when it has answered, beside what the plan says.
 * Every division has a cluster of its own, so that nothing of one is left for the next.
 */
final class PredictedMemory implements Experiment {

    private static final List<String> MODELS = List.of("mobilenet-v2", "resnet-50", "vgg-16");
    private static final List<Scheme> SCHEMES = List.of(Scheme.PIPELINE, Scheme.ROWS, Scheme.CHANNELS);
    private static final int NODES = 2;
    private static final int REQUESTS = 24;
    private static final int IN_FLIGHT = 4;
    private static final long SEED = 2026;
    private static final long MEMORY_BYTES = 2L << 30;
    private static final double MIB = 1024.0 * 1024.0;
    private static final double KIB_PER_MIB = 1024.0;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /**
     * A member.
     *
     * @param idleMib resident before a model is placed
     * @param plannedMib what the plan says of its shards
     * @param peakMib the most that was resident, pages of weight files included
     * @param ratio of the peak to what was there and planned
     * @param shareRatio of what came on top to what was planned
     */
    record Member(
            String model,
            String scheme,
            String node,
            double idleMib,
            double plannedMib,
            double peakMib,
            double ratio,
            double shareRatio) {}

    @Override
    public String name() {
        return "predicted-memory";
    }

    @Override
    public String purpose() {
        return "memory of members that serve a model, beside what its plan says";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        List<Member> members = new ArrayList<>();
        for (String model : settings.models().isEmpty() ? MODELS : settings.models()) {
            try (ScratchDirectory scratch = ScratchDirectory.create()) {
                ModelPackage folded = Workload.named(model).fold(scratch.path());
                for (Scheme scheme : SCHEMES) {
                    members.addAll(measure(model, folded, scheme, terminal));
                }
            }
        }
        return members;
    }

    private static List<Member> measure(String model, ModelPackage folded, Scheme scheme, Terminal terminal)
            throws Exception {
        OfferedModel offered = OfferedModel.measure(folded);
        Plan plan = plan(offered, scheme);
        try (ClusterSeat seat = seat()) {
            seat.session().awaitNodes(NODES, DEADLINE);
            List<Double> idle = new ArrayList<>();
            for (ProcessHandle member : seat.memberProcesses()) {
                idle.add(ProcessFiles.residentKib(member) / KIB_PER_MIB);
            }
            ServedModel served = ServedModel.deploy(seat, offered, DeployOrder.exactly(plan));
            ask(served);
            return members(model, scheme, seat, served.plan(), idle, terminal);
        }
    }

    /** Made by members that are gone afterwards: one that is given is not replaced, so that its memory alone is measured. */
    private static Plan plan(OfferedModel offered, Scheme scheme) throws Exception {
        try (ClusterSeat seat = seat()) {
            seat.session().awaitNodes(NODES, DEADLINE);
            DeployOrder order = new DeployOrder(scheme, Objective.THROUGHPUT, NODES, NODES);
            return ServedModel.deploy(seat, offered, order).plan();
        }
    }

    private static ClusterSeat seat() {
        return ClusterSeat.local(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()));
    }

    private static void ask(ServedModel served) throws Exception {
        Map<String, TensorValue> sample = new SampleInputs(served.graph().inputs(), SEED).sample(0);
        var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                .run(REQUESTS, request -> served.infer(sample, DEADLINE), (request, outputs) -> {}, figures -> {});
    }

    private static List<Member> members(
            String model, Scheme scheme, ClusterSeat seat, Plan plan, List<Double> idle, Terminal terminal)
            throws IOException {
        List<Member> members = new ArrayList<>();
        for (int index = 0; index < idle.size(); index++) {
            String node = "node-" + (index + 1);
            double before = idle.get(index);
            double planned = plan.memoryBytes(node) / MIB;
            double peak = ProcessFiles.peakKib(seat.memberProcesses().get(index)) / KIB_PER_MIB;
            Member member = new Member(
                    model,
                    scheme.name().toLowerCase(Locale.ROOT),
                    node,
                    before,
                    planned,
                    peak,
                    peak / (before + planned),
                    (peak - before) / planned);
            members.add(member);
            terminal.note(String.format(
                    Locale.ROOT,
                    "%s, %s, %s: %.0f MiB before, %.0f planned, %.0f at most: %.2f; %.2f of what was planned",
                    model,
                    member.scheme(),
                    node,
                    before,
                    planned,
                    peak,
                    member.ratio(),
                    member.shareRatio()));
        }
        return members;
    }
}
