package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.ClusterFile;
import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.SettingsProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what is wrong with settings files. */
@CommandLine.Command(
        name = "check",
        header = "Say what is wrong with settings files.",
        description = {
            "",
            "Reads settings files and cluster files as a member or the launcher would, with the environment of this shell, and"
                    + " prints everything that is wrong with them, one line each. Nothing is started and nothing is changed."
                    + " Exit code 2 when anything is wrong.",
            ""
        },
        footer = {"", "Examples:", "  tandem config check board.conf", "  tandem config check boards.conf --json"})
public final class ConfigCheckCommand implements Command {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Settings files, or cluster files.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private JsonOption format = new JsonOption();

    /**
     * What was found in a file.
     *
     * @param kind settings or cluster
     */
    record Checked(String file, String kind, boolean right, List<Problem> problems) {}

    /** Something wrong; what is not known is empty. */
    record Problem(String origin, String key, String value, String expected, String hint) {}

    @Override
    public ExitCode run(Terminal terminal) {
        List<Checked> all = files.stream().map(ConfigCheckCommand::check).toList();
        if (format.isJson()) {
            terminal.json(all);
        } else {
            all.forEach(checked -> terminal.line(checked.file() + ": " + words(checked)));
        }
        return all.stream().allMatch(Checked::right) ? ExitCode.OK : ExitCode.USAGE;
    }

    private static Checked check(Path file) {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage("settings file " + file + ": no such file.");
        }
        boolean isCluster = ClusterFile.isClusterFile(file);
        List<Problem> problems = List.of();
        try {
            if (isCluster) {
                var unused = ClusterFile.load(file);
            } else {
                var unused = SettingsLoader.load(Optional.of(file), ConfigFactory.empty());
            }
        } catch (SettingsException e) {
            problems = e.problems().stream().map(ConfigCheckCommand::problem).toList();
        }
        return new Checked(file.toString(), isCluster ? "cluster" : "settings", problems.isEmpty(), problems);
    }

    private static Problem problem(SettingsProblem problem) {
        return new Problem(problem.origin(), problem.path(), problem.value(), problem.message(), problem.hint());
    }

    private static String words(Checked checked) {
        if (checked.right()) {
            return "nothing wrong (a " + checked.kind() + " file)";
        }
        StringBuilder text =
                new StringBuilder().append(checked.problems().size()).append(" wrong");
        for (Problem problem : checked.problems()) {
            text.append(System.lineSeparator())
                    .append("  ")
                    .append(new SettingsProblem(
                            problem.key(), problem.value(), problem.expected(), problem.origin(), problem.hint()));
        }
        return text.toString();
    }
}
