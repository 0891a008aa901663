package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.MemberReport;
import java.util.List;
import picocli.CommandLine;

/** Shows how the members of a cluster file are. */
@CommandLine.Command(
        name = "status",
        header = "Show which members run and are up.",
        description = {
            "",
            "Asks every host for its member: whether its process is alive, and whether it is up and measured. The exit code is 1"
                    + " unless all are up.",
            ""
        })
final class ClusterStatusCommand implements Command {

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        ClusterFile file = cluster.load();
        List<MemberReport> members = ClusterArgument.launcher(file).status();
        MemberReports.print(terminal, file.name(), members, json.isJson());
        return members.stream().allMatch(member -> member.state().isUp()) ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
