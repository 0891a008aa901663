package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a bed and keeps it. */
@CommandLine.Command(
        name = "up",
        header = "Make the machines, start their members, and keep them until Ctrl-C.",
        description = {
            "",
            "Prints the machines with their addresses, what their core groups were measured to do, and how to run commands against"
                    + " them. With --detach, a process of its own keeps the bed until 'tandem testbed down', and this one returns"
                    + " when it is up.",
            ""
        })
final class TestbedUpCommand implements Command {

    private static final long POLL_MILLIS = 100;

    @Parameters(paramLabel = "SPEC", description = "File that describes the machines.")
    private Path spec = Path.of("");

    @Option(names = "--detach", description = "Return when the bed is up, and keep it.")
    private boolean detach;

    @Option(names = "--json", description = "Write JSON, and nothing else, to standard output.")
    private boolean json;

    @Override
    public ExitCode run(Terminal terminal) throws Exception {
        TestbedSpec read = TestbedSpec.read(spec);
        BedArgument.requireFit(read);
        if (Testbed.find(read.name()).isPresent()) {
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "the test bed " + read.name() + " is up already. Maybe end it: tandem testbed down " + read.name());
        }
        if (detach) {
            awaitKeeper(terminal, read);
            return ExitCode.OK;
        }
        try (Testbed bed = Testbed.start(read, ProgramFolder.require(), BedArgument.progress(terminal), true)) {
            show(terminal, bed);
            terminal.note(Keeper.LAST_NOTE);
            new CountDownLatch(1).await();
            return ExitCode.OK;
        }
    }

    private void show(Terminal terminal, Testbed bed) {
        if (json) {
            terminal.json(TestbedView.json(bed));
        } else {
            TestbedView.print(terminal, bed);
        }
        terminal.out().flush();
    }

    private void awaitKeeper(Terminal terminal, TestbedSpec read) throws IOException, InterruptedException {
        try (Keeper keeper = Keeper.start(spec, ProgramFolder.require())) {
            boolean ended;
            do {
                ended = keeper.endsWithin(POLL_MILLIS);
                keeper.news().forEach(terminal.err()::println);
                Optional<Testbed> bed = Testbed.find(read.name());
                if (bed.isPresent()) {
                    show(terminal, bed.get());
                    terminal.note("end it with: tandem testbed down " + read.name());
                    return;
                }
            } while (!ended);
            throw new CommandException(ExitCode.RUNTIME_ERROR, "the test bed " + read.name() + " did not come up.");
        }
    }
}
