package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import picocli.CommandLine;

/** The group of commands that make clusters of unequal machines of this one. */
@CommandLine.Command(
        name = "testbed",
        header = "Make a cluster of unequal machines of this one.",
        synopsisSubcommandLabel = "ACTION",
        subcommands = {
            TestbedUpCommand.class,
            TestbedRunCommand.class,
            TestbedStatusCommand.class,
            TestbedDownCommand.class
        },
        description = {
            "",
            "Starts real members on machines that are parts of this one: each in a network namespace of its own on a switch or a"
                    + " shared medium, with a share of a CPU for each core group, a limit of its memory, and links of the rate"
                    + " that a file says. Needs Linux, root, 'ip' and 'tc' (iproute2), 'nsenter' (util-linux) and control groups;"
                    + " what is missing is named.",
            "",
            "The file names the machines:",
            "",
            "  nodes = [",
            "    { name = big, share = 0.6, memory = 700MiB }",
            "    { name = odd, memory = 500MiB,",
            "      core-groups = [ { name = fast, share = 0.3 }, { name = slow, share = 0.1 } ] }",
            "  ]",
            "  network { medium = switched, rate = 100Mbit/s }",
            "",
            "A share of 0.6 is as fast as this machine's CPU would be at 0.6 of its clock. It is checked by measurement, and the"
                    + " quotas are adjusted until it is right within 5 %%. Work shorter than the kernel's periods of 10 ms is"
                    + " not slowed: the column 'honest from' says from which duration on a share holds within a tenth."
                    + " There is no latency beside that of queues.",
            "",
            "Everything goes when the bed does: after Ctrl-C and after errors, too, and what a killed bed has left goes at the next"
                    + " start. Nothing else is touched.",
            ""
        },
        commandListHeading = "%nActions:%n",
        footer = {
            "",
            "Examples:",
            "  tandem testbed up deploy/examples/testbed/three.conf",
            "  tandem testbed run three.conf -- tandem status --cluster {cluster}",
            "  tandem testbed run three.conf -- tandem bench mini.onnx --cluster {cluster}",
            "  tandem testbed up five.conf --detach",
            "  tandem testbed status",
            "  tandem testbed down five.conf"
        })
public final class TestbedCommand implements Command {

    @Override
    public ExitCode run(Terminal terminal) {
        throw CommandException.usage("testbed needs an action: up, run, status or down. Try 'tandem testbed --help'.");
    }
}
