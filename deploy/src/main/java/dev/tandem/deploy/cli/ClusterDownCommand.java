package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.MemberReport;
import java.util.List;
import picocli.CommandLine;

/** Stops the members of a cluster file. */
@CommandLine.Command(
        name = "down",
        header = "Stop the members that run.",
        description = {
            "",
            "Asks every member to leave (SIGTERM), waits, and kills those that do not (SIGKILL, with a note). Settings, logs and"
                    + " parts of models stay on the hosts for the next 'up'.",
            ""
        })
final class ClusterDownCommand implements Command {

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        ClusterFile file = cluster.load();
        List<MemberReport> members = ClusterArgument.launcher(file).down();
        MemberReports.print(terminal, file.name(), members, json.isJson());
        return members.stream().allMatch(member -> member.state().isDown()) ? ExitCode.OK : ExitCode.RUNTIME_ERROR;
    }
}
