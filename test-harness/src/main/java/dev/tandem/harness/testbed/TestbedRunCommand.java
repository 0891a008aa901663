package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.cli.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Runs a command in the client's place. */
@CommandLine.Command(
        name = "run",
        header = "Run a command against the cluster, in the client's place of the network.",
        description = {
            "",
            "With a bed that is up, by its name or file, runs the command there. Otherwise makes the bed of the file, runs the"
                    + " command and removes the bed. In the command, {cluster} stands for the cluster file, as the environment"
                    + " variable TANDEM_CLUSTER does; 'tandem' is the program that runs this. The exit code is the command's.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem testbed run three.conf -- tandem status --cluster {cluster}",
            "  tandem testbed run three.conf -- sh -c 'tandem run mini.onnx cat.jpg --cluster $TANDEM_CLUSTER'"
        })
final class TestbedRunCommand implements Command {

    private static final String CLUSTER = "{cluster}";
    private static final String CLUSTER_VARIABLE = "TANDEM_CLUSTER";

    @Parameters(index = "0", paramLabel = "SPEC", description = "File that describes the machines, or name of a bed.")
    private String spec = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, after '--'.")
    private List<String> command = new ArrayList<>();

    @Override
    public ExitCode run(Terminal terminal) throws Exception {
        BedArgument.requireRights();
        Optional<Testbed> found = Testbed.find(spec);
        if (found.isEmpty() && !Files.exists(Path.of(spec))) {
            throw CommandException.usage("there is neither a file " + spec + " nor a test bed of that name that is up."
                    + " 'tandem testbed status' shows those that are.");
        }
        int code;
        try (Testbed bed = found.isPresent() ? found.get() : start(terminal)) {
            code = run(bed);
        }
        return passOn(code);
    }

    private Testbed start(Terminal terminal) {
        TestbedSpec read = TestbedSpec.read(Path.of(spec));
        BedArgument.requireFit(read);
        return Testbed.start(read, ProgramFolder.require(), BedArgument.progress(terminal));
    }

    private int run(Testbed bed) throws IOException, InterruptedException {
        String cluster = bed.clusterFile().toString();
        String[] words =
                command.stream().map(word -> word.replace(CLUSTER, cluster)).toArray(String[]::new);
        ProcessBuilder builder = bed.client(words).inheritIO();
        builder.environment().put(CLUSTER_VARIABLE, cluster);
        builder.environment()
                .merge(
                        "PATH",
                        ProgramFolder.require().resolve("bin").toString(),
                        (old, bin) -> bin + File.pathSeparator + old);
        return builder.start().waitFor();
    }

    /** Codes beyond the program's own go to the shell as they are, once the bed is gone. */
    private static ExitCode passOn(int code) {
        for (ExitCode known : ExitCode.values()) {
            if (known.code() == code) {
                return known;
            }
        }
        System.exit(code);
        throw new IllegalStateException("unreachable");
    }
}
