package dev.tandem.deploy.cli;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.actors.protocol.ClusterStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a running cluster does. */
@CommandLine.Command(
        name = "status",
        header = "Show a running cluster: members, plans, rates and queues.",
        description = {
            "",
            "Asks a running cluster, without joining it, and shows its members, their core groups, the models that are served,"
                    + " where each stage runs, and what gateways and shards do: requests per second, busy share and queue"
                    + " over the last interval. With --watch again and again until Ctrl-C: in place on a terminal, one"
                    + " block below the other elsewhere.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem status --cluster boards.conf",
            "  tandem status --cluster boards.conf --watch",
            "  TANDEM_NETWORK_SEEDS=192.168.1.10:7355 TANDEM_NETWORK_HOST=192.168.1.20 tandem status --json"
        })
public final class StatusCommand implements Command {

    @Mixin
    private VisitArguments cluster = new VisitArguments();

    @Option(names = "--watch", description = "Show it again and again.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Time that rates are about, and between two pictures with --watch. Default: 1.")
    private int intervalSeconds;

    @Mixin
    private JsonOption format = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) throws TimeoutException, InterruptedException {
        CommandLines.requireAtLeastOne("--interval", intervalSeconds);
        try (ClusterVisit visit = cluster.begin()) {
            ClusterStatus before = visit.status(cluster.timeout());
            ClusterStatus after = next(visit);
            Consumer<StatusView> screen = screen(terminal);
            screen.accept(StatusView.between(before, after));
            if (watch) {
                watch(terminal, screen, visit, after);
            }
        }
        return ExitCode.OK;
    }

    private ClusterStatus next(ClusterVisit visit) throws TimeoutException, InterruptedException {
        TimeUnit.SECONDS.sleep(intervalSeconds);
        return visit.status(cluster.timeout());
    }

    /** Until the process is told to stop; a supervisor that is lost is waited for. */
    private void watch(Terminal terminal, Consumer<StatusView> screen, ClusterVisit visit, ClusterStatus first)
            throws InterruptedException {
        ClusterStatus before = first;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                ClusterStatus after = next(visit);
                screen.accept(StatusView.between(before, after));
                before = after;
            } catch (TimeoutException e) {
                terminal.note(String.valueOf(e.getMessage()));
            }
        }
    }

    private Consumer<StatusView> screen(Terminal terminal) {
        if (format.isJson()) {
            return watch ? terminal::jsonLine : terminal::json;
        }
        Pages pages = new Pages(
                new Terminal(terminal.out(), terminal.err(), terminal.isInteractive(), terminal.isScreen() && watch));
        return view -> pages.show(StatusText.lines(view));
    }
}
