package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends beds that 'up' keeps. */
@CommandLine.Command(
        name = "down",
        header = "End a test bed, or all, and remove what killed ones have left.",
        description = {
            "",
            "Asks the process that keeps a bed to end, and waits until all that it made is gone. Beds that belong to an experiment"
                    + " or a test are left to it.",
            ""
        })
final class TestbedDownCommand implements Command {

    private static final long DEADLINE_SECONDS = 60;

    @Parameters(
            arity = "0..1",
            paramLabel = "SPEC",
            description = "File that describes the machines, or name of a bed. Default: all that 'up' keeps.")
    private @Nullable String spec;

    @Option(names = "--json", description = "Write JSON, and nothing else, to standard output.")
    private boolean json;

    /** What was done, for programs. */
    record Result(List<String> ended, List<String> left) {}

    @Override
    public ExitCode run(Terminal terminal) throws Exception {
        BedArgument.requireRights();
        List<LivingBed> beds = LivingBed.all().stream()
                .filter(bed -> spec == null || bed.isCalled(spec))
                .toList();
        List<String> ended = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (LivingBed bed : beds) {
            (bed.record().keeper() ? ended : left).add(bed.record().spec().name());
            if (bed.record().keeper()) {
                end(bed);
            }
        }
        Leftovers.sweep();
        if (json) {
            terminal.json(new Result(ended, left));
        } else {
            ended.forEach(bed -> terminal.line(bed + " is down"));
            left.forEach(bed -> terminal.note(bed + " belongs to another command, which takes it down at its end."));
            if (beds.isEmpty()) {
                terminal.line(spec == null ? "no test bed was up." : "no test bed " + spec + " was up.");
            }
        }
        return left.isEmpty() ? ExitCode.OK : ExitCode.RUNTIME_ERROR;
    }

    private static void end(LivingBed bed) throws InterruptedException, ExecutionException {
        var keeper = ProcessHandle.of(bed.owner());
        if (keeper.isEmpty()) {
            return;
        }
        keeper.get().destroy();
        try {
            keeper.get().onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "process " + bed.owner() + " of the test bed "
                            + bed.record().spec().name() + " has not ended in " + DEADLINE_SECONDS
                            + " s. Maybe kill it, and repeat this.",
                    e);
        }
    }
}
