package dev.tandem.deploy.cli;

import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the logs of the members of a cluster file. */
@CommandLine.Command(
        name = "logs",
        header = "Show the end of the members' logs.",
        description = {"", "Shows the end of the log of one member, or of all, each line behind the member's name.", ""
        })
final class ClusterLogsCommand implements Command {

    @CommandLine.Mixin
    private ClusterArgument cluster = new ClusterArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "MEMBER", description = "Name of one member. Default: all.")
    private @Nullable String member;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--lines", paramLabel = "N", defaultValue = "20", description = "Lines of each log. Default: 20.")
    private int lines;

    @CommandLine.Mixin
    private JsonOption json = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) {
        CommandLines.requireAtLeastOne("--lines", lines);
        ClusterFile file = cluster.load();
        List<ClusterHost> hosts = member == null ? file.hosts() : cluster.chosen(file, List.of(member));
        List<String> failures =
                ClusterArgument.launcher(file).logs(hosts, lines, follow, (name, line) -> print(terminal, name, line));
        failures.forEach(terminal::note);
        return failures.isEmpty() ? ExitCode.OK : ExitCode.RUNTIME_ERROR;
    }

    private synchronized void print(Terminal terminal, String name, String line) {
        if (json.isJson()) {
            terminal.jsonLine(new LogLine(name, line));
        } else {
            terminal.line(member == null ? "[" + name + "] " + line : line);
        }
    }

    /** A line of a log as JSON. */
    record LogLine(String member, String line) {}
}
