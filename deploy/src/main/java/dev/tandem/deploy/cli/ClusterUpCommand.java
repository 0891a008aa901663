package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.MemberReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;

/** Starts the members of a cluster file. */
@CommandLine.Command(
        name = "up",
        header = "Start the members that do not run, and wait until all are up and measured.",
        description = {
            "",
            "Copies the program to each host behind ssh unless it is there (the distribution archive, checked by its SHA-256),"
                    + " writes each member's settings, starts the members, and waits until all are up and measured. Says which"
                    + " failed and why; those that run go on running.",
            ""
        })
final class ClusterUpCommand implements Command {

    /** Answers of the host that a person wants to follow. */
    private static final Map<String, String> MILESTONES = Map.of(
            "running", "runs as process", "started", "started as process", "up", "up at", "ready", "measured at");

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        ClusterFile file = cluster.load();
        List<MemberReport> members = ClusterArgument.launcher(file).up((name, text) -> progress(terminal, name, text));
        MemberReports.print(terminal, file.name(), members, json.isJson());
        long failed = members.stream().filter(member -> !member.state().isUp()).count();
        if (failed > 0) {
            terminal.note(failed + " of " + members.size() + " members are not up.");
            return ExitCode.RUNTIME_ERROR;
        }
        terminal.note("all " + members.size() + " members are up. Ask them: tandem run MODEL IMAGE --cluster "
                + cluster.path());
        return ExitCode.OK;
    }

    private static void progress(Terminal terminal, String name, String text) {
        String[] words = text.split(" ", 2);
        String milestone = MILESTONES.get(words[0].toLowerCase(Locale.ROOT));
        if (milestone != null && words.length == 2) {
            terminal.note(name + ": " + milestone + " " + words[1]);
        } else if (text.equals("copied the program")) {
            terminal.note(name + ": " + text);
        }
    }
}
