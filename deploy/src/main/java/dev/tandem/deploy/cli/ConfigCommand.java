package dev.tandem.deploy.cli;

import picocli.CommandLine;

/** The group of commands that look at settings without starting anything. */
@CommandLine.Command(
        name = "config",
        header = "Check settings files, and show what counts and why.",
        synopsisSubcommandLabel = "ACTION",
        subcommands = {ConfigCheckCommand.class, ConfigShowCommand.class},
        description = {
            "",
            "'check' says what is wrong with settings files and cluster files, all of it at once, before a member reads them."
                    + " 'show' prints every setting as a process started here would have it; with --origin also where each"
                    + " comes from: file and line, environment variable, system property, or the default.",
            ""
        },
        commandListHeading = "%nActions:%n",
        footer = {
            "",
            "Examples:",
            "  tandem config check board.conf boards.conf",
            "  tandem config show --origin",
            "  tandem config show --config board.conf --json"
        })
public final class ConfigCommand implements Command {

    @Override
    public ExitCode run(Terminal terminal) {
        throw CommandException.usage("config needs an action: check or show. Try 'tandem config --help'.");
    }
}
