package dev.tandem.deploy.cli;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.actors.protocol.ReloadReport;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Has the members of a running cluster read their settings again. */
@CommandLine.Command(
        name = "reload",
        header = "Have the members of a running cluster read their settings again.",
        description = {
            "",
            "Every node and gateway reads its own settings file again. When all files are right, and every model that is"
                    + " served can be placed under the new planner settings, what has changed comes into force without a"
                    + " break, and is shown; keys that need a restart are named. Otherwise nothing changes anywhere, and"
                    + " every reason is given. Members watch their files, too: this command shows what comes of it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem reload --cluster boards.conf",
            "  tandem reload --cluster boards.conf --json"
        })
public final class ReloadCommand implements Command {

    @Mixin
    private VisitArguments cluster = new VisitArguments();

    @Mixin
    private JsonOption format = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) throws TimeoutException, InterruptedException {
        try (ClusterVisit visit = cluster.begin()) {
            ReloadReport report = visit.reload(cluster.timeout());
            ReloadView view = ReloadView.of(report);
            if (format.isJson()) {
                terminal.json(view);
            } else {
                view.print(terminal);
            }
            view.notes().forEach(terminal::note);
            view.reasons().forEach(terminal::note);
            if (report.isRefused()) {
                terminal.note("refused: nothing has changed");
                return ExitCode.REFUSED;
            }
            return ExitCode.OK;
        }
    }
}
