package dev.tandem.harness.fault;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.testbed.Testbed;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays a script of faults on a bed that is up. */
@CommandLine.Command(
        name = "fault",
        header = "Let machines and links of a test bed fail at set times.",
        description = {
            "",
            "Does what a script says to a test bed that is up ('tandem testbed up'), and writes a line of JSON for each event when"
                    + " it is done: what, when it was planned, begun and done (milliseconds since the start), the time of day, and"
                    + " why it failed, if it did. The exit code is 3 if any failed.",
            "",
            "  events = [",
            "    { at = 2s, kill = two }                       # SIGKILL",
            "    { at = 6s, restart = two }",
            "    { at = 8s, leave = two }                      # SIGTERM",
            "    { at = 10s, stop = one }                      # SIGSTOP",
            "    { at = 12s, continue = one }",
            "    { at = 14s, share { node = one, group = cpu, to = 0.2 } }",
            "    { at = 16s, link { node = one, to = 10Mbit/s } }",
            "    { at = 18s, cut = [one] }                     # from all others and the client",
            "    { at = 20s, heal = true }",
            "    { at = 22s, partition = [[one, client], [two, three]] }",
            "    { at = 24s, memory { node = three, to = 300MiB } }",
            "    { at = 26s, settings { node = one, add = \"tandem.planner.max-nodes = 3\" } }",
            "  ]",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem fault three script.conf",
            "  tandem fault three script.conf --timeline run.jsonl"
        })
public final class FaultCommand implements Command {

    @Parameters(
            index = "0",
            paramLabel = "BED",
            description = "Name of a test bed that is up, or the file it was made from.")
    private String bed = "";

    @Parameters(index = "1", paramLabel = "SCRIPT", description = "File with the events.")
    private Path script = Path.of("");

    @Option(names = "--timeline", paramLabel = "FILE", description = "Append the lines to this file, too.")
    private @Nullable Path timeline;

    @Override
    public ExitCode run(Terminal terminal) throws Exception {
        FaultScript read = FaultScript.read(script);
        Testbed found = Testbed.find(bed)
                .orElseThrow(() -> new CommandException(
                        ExitCode.RUNTIME_ERROR,
                        "no test bed " + bed + " is up. 'tandem testbed status' shows those that are."));
        Timeline file = timeline == null ? null : new Timeline(timeline);
        List<FaultRecord> records;
        try (FaultPlayer player = FaultPlayer.start(found, read, done -> {
            terminal.jsonLine(done);
            if (file != null) {
                file.accept(done);
            }
        })) {
            records = player.await();
        }
        boolean isDone = records.size() == read.events().size()
                && records.stream().allMatch(done -> done.failure().isEmpty());
        return isDone ? ExitCode.OK : ExitCode.RUNTIME_ERROR;
    }
}
