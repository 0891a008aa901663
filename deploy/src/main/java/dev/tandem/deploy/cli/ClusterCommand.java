package dev.tandem.deploy.cli;

import picocli.CommandLine;

/** The members of a cluster file: the group of commands behind {@code tandem-cluster}. */
@CommandLine.Command(
        name = "cluster",
        header = "Start, watch and stop the members of a cluster file.",
        synopsisSubcommandLabel = "ACTION",
        subcommands = {
            ClusterUpCommand.class,
            ClusterStatusCommand.class,
            ClusterLogsCommand.class,
            ClusterRestartCommand.class,
            ClusterDownCommand.class
        },
        description = {
            "",
            "Starts, watches and stops members on the hosts of a cluster file, through the OpenSSH client (with keys; it never"
                    + " asks) or as processes of this machine. Every action can be repeated: what is as asked is left alone."
                    + " 'tandem-cluster' is a short name for this command.",
            "",
            "The file names the hosts, and may hold settings for all or one of them:",
            "",
            "  cluster.hosts = [",
            "    { destination = \"pi@10.0.0.1\", name = big }",
            "    { destination = \"pi@10.0.0.2\", name = small, tandem.node.memory = 512MiB }",
            "  ]",
            "  tandem.log.level = info",
            ""
        },
        commandListHeading = "%nActions:%n",
        footer = {
            "",
            "Examples:",
            "  tandem cluster up boards.conf",
            "  tandem cluster status boards.conf --json",
            "  tandem cluster logs boards.conf small -f",
            "  tandem cluster restart boards.conf",
            "  tandem cluster down boards.conf"
        })
public final class ClusterCommand implements Command {

    @Override
    public ExitCode run(Terminal terminal) {
        throw CommandException.usage(
                "cluster needs an action: up, status, logs, restart or down. Try 'tandem cluster --help'.");
    }
}
