package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.launch.MemberReport;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.testbed.Testbed;
import dev.tandem.harness.testbed.TestbedRights;
import dev.tandem.harness.testbed.TestbedSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An experiment on test beds. Makes one bed after the other and measures in a process in the client's place of it, which adds
 * to a log; whatever is in the log already is not measured again, so that a run goes on where one before it has stopped.
 */
abstract class BedExperiment implements Experiment {

    private static final String IN_FLIGHT_VARIABLE = "TANDEM_GATEWAY_MAX_IN_FLIGHT";

    /** Holds several models at once, and the inputs and outputs of as many requests as are in flight. */
    private static final String JAVA_OPTIONS = "-Xmx1g -XX:MaxDirectMemorySize=4g";

    private static final String JAVA_OPTIONS_VARIABLE = "TANDEM_JAVA_OPTS";

    /** Files of the beds, in the program's folder. */
    abstract List<String> beds();

    /**
     * What is needed before any bed is made; nothing, unless the experiment has more to it.
     *
     * @throws CommandException when something is missing
     */
    void prepare(Path out, Settings settings, Terminal terminal) throws IOException {}

    /** Environment variables of the process that measures, which has the gateway, beside those of all experiments. */
    Map<String, String> settingsOfGateway() {
        return Map.of();
    }

    /** Whether something is left to be measured on a bed. */
    abstract boolean isOpen(String bed, Path out, Settings settings) throws IOException;

    /** Measures what is left on a bed, through a seat in its cluster; its log is in the folder. */
    abstract void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal)
            throws Exception;

    /** What all that is in the folder's log comes to; writes tables and charts. */
    abstract Object report(Path out, Settings settings) throws IOException;

    /** Its log in a folder. */
    final Path logFile(Path out) {
        return out.resolve(name() + ".jsonl");
    }

    @Override
    public final Object run(Settings settings, Terminal terminal) throws Exception {
        Path out = settings.out()
                .orElseThrow(() -> CommandException.usage(
                        "--out DIR is needed: measurements are added to what is there, and none is made twice."));
        prepare(out, settings, terminal);
        if (settings.bed().isPresent()) {
            measureHere(settings.bed().get(), out, settings, terminal);
            return "measurements are in " + out;
        }
        for (String file : beds()) {
            TestbedSpec spec = TestbedSpec.read(ProgramFolder.require().resolve(file));
            if (isOpen(spec.name(), out, settings)) {
                measureOn(spec, settings, terminal);
            }
        }
        return report(out, settings);
    }

    /** Makes a bed, and has a process in the client's place measure. */
    private void measureOn(TestbedSpec spec, Settings settings, Terminal terminal)
            throws IOException, InterruptedException {
        TestbedRights.missingForBed().ifPresent(missing -> {
            throw CommandException.refused(missing);
        });
        terminal.note("making the bed " + spec.name());
        try (Testbed bed = Testbed.start(spec, ProgramFolder.require(), (name, text) -> {})) {
            requireShares(bed);
            terminal.note(String.format(
                    Locale.ROOT,
                    "bed %s is up, its core groups within %.1f %% of their shares",
                    spec.name(),
                    100 * bed.calibration().worstError()));
            ProcessBuilder part = bed.client(command(spec.name(), settings)).inheritIO();
            part.redirectOutput(ProcessBuilder.Redirect.DISCARD);
            part.environment().put(IN_FLIGHT_VARIABLE, String.valueOf(PlanTrial.MOST_IN_FLIGHT));
            part.environment().put(JAVA_OPTIONS_VARIABLE, JAVA_OPTIONS);
            part.environment().putAll(settingsOfGateway());
            int code = run(part);
            if (code != 0) {
                tellOfMembers(bed, settings.out().orElseThrow(), terminal);
                throw new CommandException(
                        ExitCode.RUNTIME_ERROR,
                        "measuring on bed " + spec.name() + " has failed (exit code " + code
                                + "). What was measured is kept; the same command goes on from there.");
            }
        }
    }

    /** The bed goes, and what its members have to say with it. */
    private static void tellOfMembers(Testbed bed, Path out, Terminal terminal) {
        for (MemberReport member : bed.members()) {
            long kills = bed.memoryKills(member.name());
            if (!member.state().isUp() || kills > 0) {
                terminal.note("node " + member.name() + " is " + member.state()
                        + (kills > 0 ? "; the kernel has ended it for its memory" : "") + ". " + member.reason());
            }
            keepLog(bed, member.name(), out, terminal);
        }
        terminal.note("logs of the members are kept in " + out);
    }

    private static void keepLog(Testbed bed, String member, Path out, Terminal terminal) {
        Path kept = out.resolve(bed.spec().name() + "-" + member + ".log");
        try {
            Files.createDirectories(out);
            Files.copy(bed.log(member), kept, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            terminal.note("the log of " + member + " cannot be kept: " + e);
        }
    }

    /** As long as it takes, since all that it waits for has a deadline; it ends with this process's interest in it. */
    private static int run(ProcessBuilder part) throws IOException, InterruptedException {
        Process process = part.start();
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }

    /** What runs on machines that are not as fast as they should be shows nothing. */
    private static void requireShares(Testbed bed) {
        if (!bed.calibration().isWithinTolerance()) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    String.format(
                            Locale.ROOT,
                            "a core group of bed %s is %.0f %% off its share, more than %.0f %%: something else takes time"
                                    + " on this machine. Maybe end it, and run the same command again.",
                            bed.spec().name(),
                            100 * bed.calibration().worstError(),
                            100 * bed.calibration().tolerance()));
        }
    }

    private String[] command(String bed, Settings settings) {
        List<String> words = new ArrayList<>(List.of(
                ProgramFolder.require().resolve("bin/tandem").toString(),
                "experiment",
                name(),
                "--bed",
                bed,
                "--rounds",
                String.valueOf(settings.rounds()),
                "--seconds",
                String.valueOf(settings.seconds()),
                "--seed",
                String.valueOf(settings.seed()),
                "--limit",
                String.valueOf(settings.limit()),
                "--out",
                settings.out().orElseThrow().toAbsolutePath().toString()));
        settings.models().forEach(model -> words.addAll(List.of("--model", model)));
        settings.data().ifPresent(data -> words.addAll(List.of("--data", data.toString())));
        return words.toArray(String[]::new);
    }

    private void measureHere(String name, Path out, Settings settings, Terminal terminal) throws Exception {
        Testbed bed = Testbed.find(name)
                .orElseThrow(() -> CommandException.usage(
                        "no test bed '" + name + "' is up; 'tandem testbed status' shows those that are."));
        try (ClusterSeat seat = ClusterSeat.remote(bed.clusterFile())) {
            measure(bed, seat, out, settings, terminal);
        }
    }
}
