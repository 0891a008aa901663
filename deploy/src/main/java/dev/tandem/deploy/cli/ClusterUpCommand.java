package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.MemberReport;
import java.util.List;
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

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        ClusterFile file = cluster.load();
        List<MemberReport> members = ClusterArgument.launcher(file).up(StartProgress.on(terminal));
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
}
