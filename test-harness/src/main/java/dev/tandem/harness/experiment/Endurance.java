package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
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
import dev.tandem.harness.experiment.memory.ProcessFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Memory of every process while a pipeline over three members answers 2,000 requests per round. The first round fills
 * buffers and heaps; from the second on nothing may grow.
 */
final class Endurance implements Experiment {

    private static final int NODES = 3;
    private static final int REQUESTS = 2_000;
    private static final int IN_FLIGHT = 8;
    private static final int SAMPLES = 4;
    private static final long SEED = 2026;
    private static final long MEMORY_BYTES = 1L << 30;
    private static final long ALLOWED_KIB = 16 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * One process.
     *
     * @param anonymousKib memory of its own that is resident, after each round
     * @param grownKib from the second round to the last
     */
    record Memory(String process, List<Long> anonymousKib, long grownKib) {}

    /** What came of it; flat when no process grew by more than is allowed. */
    record Result(String model, long requests, long allowedKib, boolean flat, List<Memory> processes) {}

    @Override
    public String name() {
        return "endurance";
    }

    @Override
    public String purpose() {
        return "memory of every process over rounds of 2,000 requests each";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        if (settings.rounds() < 3) {
            throw CommandException.usage("--rounds (" + settings.rounds() + ") must be at least 3.");
        }
        String model =
                settings.models().isEmpty() ? "tandem-mini" : settings.models().get(0);
        BuiltInModel architecture = BuiltInModel.named(model);
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            OfferedModel offered = OfferedModel.measure(architecture.fold(scratch.path()));
            try (ClusterSeat seat =
                    ClusterSeat.local(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()))) {
                seat.session().awaitNodes(NODES, DEADLINE);
                ServedModel served = ServedModel.deploy(
                        seat, offered, new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, NODES, 1));
                return rounds(model, settings.rounds(), seat, served, terminal);
            }
        }
    }

    private static Result rounds(String model, int rounds, ClusterSeat seat, ServedModel served, Terminal terminal)
            throws Exception {
        List<ProcessHandle> processes = Stream.concat(
                        Stream.of(ProcessHandle.current()), seat.memberProcesses().stream())
                .toList();
        List<List<Long>> kib = new ArrayList<>();
        processes.forEach(process -> kib.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            ask(served);
            for (int process = 0; process < processes.size(); process++) {
                kib.get(process).add(ProcessFiles.anonymousKib(processes.get(process)));
            }
            terminal.note("round " + (round + 1) + ": " + REQUESTS + " requests, KiB "
                    + kib.stream().map(values -> values.get(values.size() - 1)).toList());
        }
        return result(model, (long) rounds * REQUESTS, kib);
    }

    private static Result result(String model, long requests, List<List<Long>> kib) {
        List<Memory> memories = new ArrayList<>();
        for (int process = 0; process < kib.size(); process++) {
            List<Long> values = kib.get(process);
            String name = process == 0 ? "gateway" : "member " + process;
            memories.add(new Memory(name, List.copyOf(values), values.get(values.size() - 1) - values.get(1)));
        }
        boolean flat = memories.stream().allMatch(memory -> memory.grownKib() <= ALLOWED_KIB);
        return new Result(model, requests, ALLOWED_KIB, flat, memories);
    }

    private static void ask(ServedModel served) throws Exception {
        SampleInputs inputs = new SampleInputs(served.graph().inputs(), SEED);
        List<Map<String, TensorValue>> samples = new ArrayList<>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            samples.add(inputs.sample(sample));
        }
        var unused = new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                .run(
                        REQUESTS,
                        request -> served.infer(samples.get(request % SAMPLES), DEADLINE),
                        (request, outputs) -> {},
                        figures -> {});
    }
}
