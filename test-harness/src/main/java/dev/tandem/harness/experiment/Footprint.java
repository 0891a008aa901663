package dev.tandem.harness.experiment;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.launch.ClusterLauncher;
import dev.tandem.deploy.launch.MemberReport;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.memory.ProcessFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How soon members of this machine are up and gone, alone and five at once, and what each keeps in memory while the five idle:
 * with the launcher, the options and the archive of classes that users have.
 */
final class Footprint implements Experiment {

    private static final int MEMBERS = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * One start and stop of so many members, as the launcher saw it; seconds.
     *
     * @param upSeconds until the last process was a member, from the start of the first
     * @param measuredSeconds until the last was measured, so that plans may use it
     * @param downSeconds until the last process had ended
     */
    record Start(int members, double upSeconds, double measuredSeconds, double downSeconds) {}

    /**
     * One idle member of five.
     *
     * @param residentKib all that is in memory, shared pages in full
     * @param proportionalKib the same, with shared pages divided by those who share them
     * @param anonymousKib what is not backed by a file
     */
    record Memory(String member, long residentKib, long proportionalKib, long anonymousKib) {}

    /** Medians over the rounds, the largest member counts in each. */
    record Result(
            Start alone,
            Start together,
            long residentKib,
            List<Start> starts,
            List<List<Memory>> idle,
            double idleSeconds) {}

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public String purpose() {
        return "time to start and stop, and memory while idle, of one member and of five";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        Path home = ProgramFolder.require();
        List<Start> starts = new ArrayList<>();
        List<List<Memory>> idle = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            for (int round = 0; round < settings.rounds(); round++) {
                for (int members : List.of(1, MEMBERS)) {
                    Path file = LaunchedMembers.clusterFile(scratch.path(), Collections.nCopies(members, List.of()));
                    starts.add(measure(new ClusterLauncher(ClusterFile.load(file), home), settings, idle));
                    terminal.note("round " + (round + 1) + ": " + starts.get(starts.size() - 1));
                }
                terminal.note("round " + (round + 1) + ": " + idle.get(idle.size() - 1));
            }
        }
        return result(settings, starts, idle);
    }

    private static Start measure(ClusterLauncher launcher, Settings settings, List<List<Memory>> idle)
            throws IOException, InterruptedException {
        Map<String, Double> up = new ConcurrentHashMap<>();
        long begin = System.nanoTime();
        List<MemberReport> reports = launcher.up((member, text) -> {
            if (text.startsWith("up ")) {
                up.put(member, secondsSince(begin));
            }
        });
        double measured = secondsSince(begin);
        try {
            LaunchedMembers.requireUp(reports);
            if (reports.size() == MEMBERS) {
                TimeUnit.NANOSECONDS.sleep((long) (settings.seconds() * NANOS_PER_SECOND));
                idle.add(memories(reports));
            }
        } catch (CommandException | IOException | InterruptedException e) {
            var unused = launcher.down();
            throw e;
        }
        long end = System.nanoTime();
        var unused = launcher.down();
        double upLast =
                up.values().stream().mapToDouble(seconds -> seconds).max().orElse(measured);
        return new Start(reports.size(), upLast, measured, secondsSince(end));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / NANOS_PER_SECOND;
    }

    private static List<Memory> memories(List<MemberReport> reports) throws IOException {
        List<Memory> memories = new ArrayList<>();
        for (MemberReport report : reports) {
            ProcessHandle process = ProcessHandle.of(report.pid())
                    .orElseThrow(() -> new IOException("member " + report.name() + " has ended"));
            memories.add(new Memory(
                    report.name(),
                    ProcessFiles.residentKib(process),
                    ProcessFiles.proportionalKib(process),
                    ProcessFiles.anonymousKib(process)));
        }
        return memories;
    }

    private static Result result(Settings settings, List<Start> starts, List<List<Memory>> idle) {
        double resident = Medians.of(
                idle,
                round -> round.stream().mapToLong(Memory::residentKib).max().orElseThrow());
        return new Result(
                median(starts, 1), median(starts, MEMBERS), (long) resident, starts, idle, settings.seconds());
    }

    private static Start median(List<Start> starts, int members) {
        List<Start> same =
                starts.stream().filter(start -> start.members() == members).toList();
        return new Start(
                members,
                Medians.of(same, Start::upSeconds),
                Medians.of(same, Start::measuredSeconds),
                Medians.of(same, Start::downSeconds));
    }
}
