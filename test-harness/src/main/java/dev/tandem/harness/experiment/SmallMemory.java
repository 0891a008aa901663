package dev.tandem.harness.experiment;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.launch.ClusterLauncher;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.testbed.MemoryGroups;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model that is larger than the memory of every node: members limited by the kernel to 256 MiB each serve it, weights,
 * Java and pages of files included, and every result is compared with the unsplit model's.
 */
final class SmallMemory implements Experiment {

    private static final long LIMIT_BYTES = 256L << 20;
    private static final int MEMBERS = 8;
    private static final int REQUESTS_PER_ROUND = 10;
    private static final int IN_FLIGHT = 4;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /**
     * One member.
     *
     * @param peakBytes the most it has held, pages of files included; the kernel lets those go at the limit
     * @param anonymousBytes what it holds at the end that cannot be let go
     * @param kills processes ended for want of memory
     */
    record Member(String name, long peakBytes, long anonymousBytes, long kills) {}

    /** What came of it. */
    record Result(
            String model,
            long weightBytes,
            long limitBytes,
            int stages,
            LoadFigures load,
            double largestError,
            double tolerance,
            List<Member> members,
            boolean pass) {}

    @Override
    public String name() {
        return "small-memory";
    }

    @Override
    public String purpose() {
        return "VGG-16 served by members that the kernel limits to 256 MiB each";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        MemoryGroups.missing().ifPresent(missing -> {
            throw new CommandException(ExitCode.RUNTIME_ERROR, missing);
        });
        String model =
                settings.models().isEmpty() ? "vgg-16" : settings.models().get(0);
        BuiltInModel architecture = BuiltInModel.named(model);
        List<String> names =
                IntStream.range(0, MEMBERS).mapToObj(member -> "m" + member).toList();
        try (ScratchDirectory scratch = ScratchDirectory.create();
                MemoryGroups groups = MemoryGroups.create(names, LIMIT_BYTES)) {
            Path file = architecture.write(scratch.path());
            Path cluster = LaunchedMembers.clusterFile(
                    scratch.path(), names.stream().map(groups::launchWith).toList());
            ClusterLauncher launcher = new ClusterLauncher(ClusterFile.load(cluster), ProgramFolder.require());
            try {
                LaunchedMembers.requireUp(launcher.up((member, text) -> terminal.note(member + ": " + text)));
                return serve(model, settings.rounds() * REQUESTS_PER_ROUND, file, cluster, scratch.path(), groups);
            } finally {
                var unused = launcher.down();
            }
        }
    }

    private static Result serve(String model, int requests, Path file, Path cluster, Path scratch, MemoryGroups groups)
            throws Exception {
        ComparedPipeline pipeline = ComparedPipeline.prepare(file, scratch);
        try (ClusterSeat seat = ClusterSeat.remote(cluster)) {
            seat.session().awaitNodes(MEMBERS, DEADLINE);
            ServedModel served = ServedModel.deploy(seat, pipeline.offered(), ComparedPipeline.order(MEMBERS));
            ComparedPipeline.Answers answers = pipeline.ask(served, requests, IN_FLIGHT);
            List<Member> members = IntStream.range(0, MEMBERS)
                    .mapToObj(member -> member(groups, member))
                    .toList();
            boolean pass = answers.areEqual() && members.stream().allMatch(member -> member.kills() == 0);
            return new Result(
                    model,
                    pipeline.weightBytes(),
                    LIMIT_BYTES,
                    served.plan().lanes().get(0).stages().size(),
                    answers.load(),
                    answers.largestError(),
                    ComparedPipeline.TOLERANCE,
                    members,
                    pass);
        }
    }

    private static Member member(MemoryGroups groups, int member) {
        String group = "m" + member;
        return new Member(
                LaunchedMembers.name(member),
                groups.peakBytes(group),
                groups.anonymousBytes(group),
                groups.kills(group));
    }
}
