package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import dev.tandem.deploy.launch.MemberReport;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Restarts the members of a cluster file, one after the other. */
@CommandLine.Command(
        name = "restart",
        header = "Restart members one after the other, while the others serve.",
        description = {
            "",
            "Asks a member to leave, which first moves what serves on it, starts it again with the program and the settings as"
                    + " they are now, waits until it is up and measured, and goes on with the next. Ends with the first that does"
                    + " not come up again. 'cluster.down-timeout' of the file is how long a member may take to leave.",
            ""
        })
final class ClusterRestartCommand implements Command {

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @Parameters(index = "1..*", paramLabel = "MEMBER", description = "Names of members. Default: all.")
    private List<String> members = List.of();

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        ClusterFile file = cluster.load();
        List<ClusterHost> hosts = members.isEmpty() ? file.hosts() : cluster.chosen(file, members);
        List<MemberReport> reports = ClusterArgument.launcher(file).restart(hosts, StartProgress.on(terminal));
        MemberReports.print(terminal, file.name(), reports, json.isJson());
        long restarted =
                reports.stream().filter(member -> member.state().isUp()).count();
        if (restarted < hosts.size()) {
            terminal.note(
                    "restarted " + restarted + " of " + hosts.size() + " members, and left the rest as they are.");
            return ExitCode.RUNTIME_ERROR;
        }
        return ExitCode.OK;
    }
}
