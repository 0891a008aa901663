package dev.tandem.harness.experiment;

import dev.tandem.actors.client.PlanRefusedException;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.experiment.memory.MemoryPage;
import dev.tandem.harness.experiment.memory.MemoryRound;
import dev.tandem.harness.experiment.memory.NodeMemory;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model that is larger than every machine of a test bed, served by all of them as a pipeline: what each holds, that nothing
 * is swapped or ended for want of memory, and that fewer machines are refused. The bed bounds the members' heaps; what the
 * environment has for Java reaches them, too, and is part of the command that the page gives.
 */
final class EmulatedMemory extends BedExperiment {

    private static final String MODEL = "vgg-16";
    private static final String JAVA_OPTIONS_VARIABLE = "TANDEM_JAVA_OPTS";
    private static final int REQUESTS_PER_ROUND = 10;
    private static final int IN_FLIGHT = 1;
    private static final double MIB = 1 << 20;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** What came of it. */
    record Result(boolean pass, List<MemoryRound> rounds) {}

    @Override
    public String name() {
        return "emulated-memory";
    }

    @Override
    public String purpose() {
        return "VGG-16 on eight emulated machines of 256 MiB: memory, swap and kills of each; fewer are refused";
    }

    @Override
    List<String> beds() {
        return List.of("examples/testbed/eight-small.conf");
    }

    @Override
    void prepare(Path out, Settings settings, Terminal terminal) {
        if (settings.models().size() > 1) {
            throw CommandException.usage("emulated-memory takes one --model, not " + settings.models() + ".");
        }
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return done(bed, out, settings) < settings.rounds();
    }

    /** Rounds are measured in their order. */
    private int done(String bed, Path out, Settings settings) throws IOException {
        return log(out).lines().stream()
                .filter(round -> round.bed().equals(bed) && round.model().equals(model(settings)))
                .mapToInt(MemoryRound::round)
                .max()
                .orElse(0);
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        String name = bed.spec().name();
        int nodes = bed.nodes().size();
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            ComparedPipeline pipeline =
                    ComparedPipeline.prepare(BuiltInModel.named(model(settings)).write(scratch.path()), scratch.path());
            seat.session().awaitNodes(nodes, DEADLINE);
            for (int round = done(name, out, settings) + 1; round <= settings.rounds(); round++) {
                ServedModel served = serve(bed, seat, pipeline, nodes);
                terminal.note("served; " + anonymous(bed));
                ComparedPipeline.Answers answers = pipeline.ask(served, REQUESTS_PER_ROUND, IN_FLIGHT);
                List<NodeMemory> memory = NodeMemory.of(bed);
                MemoryRound measured = new MemoryRound(
                        name,
                        round,
                        model(settings),
                        pipeline.weightBytes(),
                        PlanTrial.words(served.plan()),
                        answers.load(),
                        answers.largestError(),
                        answers.areEqual(),
                        memory,
                        fewer(bed, seat, pipeline, nodes));
                log(out).add(List.of(measured));
                terminal.note("round " + round + " of " + settings.rounds() + (measured.pass() ? " passes" : " fails"));
            }
        }
    }

    private static String anonymous(Testbed bed) {
        return "memory that cannot be let go, MiB: "
                + NodeMemory.of(bed).stream()
                        .map(node -> String.format(Locale.ROOT, "%.0f", node.anonymousBytes() / MIB))
                        .collect(Collectors.joining(" "));
    }

    private static List<MemoryRound.Fewer> fewer(Testbed bed, ClusterSeat seat, ComparedPipeline pipeline, int all)
            throws TimeoutException, InterruptedException {
        List<MemoryRound.Fewer> fewer = new ArrayList<>();
        for (int nodes = all - 1; nodes > 0; nodes--) {
            fewer.add(new MemoryRound.Fewer(nodes, refusal(bed, seat, pipeline, nodes)));
        }
        return fewer;
    }

    private static @Nullable String refusal(Testbed bed, ClusterSeat seat, ComparedPipeline pipeline, int nodes)
            throws TimeoutException, InterruptedException {
        try {
            var unused = serve(bed, seat, pipeline, nodes);
            return null;
        } catch (PlanRefusedException refused) {
            return Objects.requireNonNull(refused.getMessage());
        }
    }

    /** At the full speed of this machine until it serves: reading weights is not what is shown. */
    private static ServedModel serve(Testbed bed, ClusterSeat seat, ComparedPipeline pipeline, int nodes)
            throws TimeoutException, InterruptedException {
        DeployOrder order = ComparedPipeline.order(nodes);
        bed.liftShares();
        try {
            return ServedModel.deploy(seat, pipeline.offered(), order);
        } finally {
            bed.holdToShares();
        }
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<MemoryRound> rounds = log(out).lines().stream()
                .filter(round -> round.model().equals(model(settings)))
                .toList();
        String options = System.getenv(JAVA_OPTIONS_VARIABLE);
        String command = (options == null ? "" : JAVA_OPTIONS_VARIABLE + "='" + options + "' ")
                + "tandem experiment emulated-memory --rounds " + settings.rounds() + " --out DIR";
        MemoryPage.write(out, command, rounds);
        return new Result(rounds.stream().allMatch(MemoryRound::pass), rounds);
    }

    private static String model(Settings settings) {
        return settings.models().isEmpty() ? MODEL : settings.models().get(0);
    }

    private LineLog<MemoryRound> log(Path out) {
        return new LineLog<>(logFile(out), MemoryRound.class);
    }
}
