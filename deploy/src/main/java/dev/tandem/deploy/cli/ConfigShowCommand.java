package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingInForce;
import dev.tandem.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the settings that count. */
@CommandLine.Command(
        name = "show",
        header = "Show every setting as it counts here.",
        description = {
            "",
            "Prints every setting as a process has it that is started in this shell: a later source wins over an earlier one,"
                    + " in the order defaults, application.conf, --config, environment, system properties.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem config show",
            "  tandem config show --changed --origin --config board.conf",
            "  TANDEM_PLANNER_OBJECTIVE=latency tandem config show --origin --json"
        })
public final class ConfigShowCommand implements Command {

    @Option(names = "--config", paramLabel = "FILE", description = "A settings file. Default: none.")
    private @Nullable Path config;

    @Option(names = "--origin", description = "Also where each comes from, and who takes a change over.")
    private boolean origin;

    @Option(names = "--changed", description = "Only those that are not as in reference.conf.")
    private boolean changed;

    @Mixin
    private JsonOption format = new JsonOption();

    /** @param takenBy who takes a change over while it runs: member, cluster or restart */
    record Shown(String key, String value, String origin, boolean isDefault, String takenBy) {}

    @Override
    public ExitCode run(Terminal terminal) {
        if (config != null && !Files.isRegularFile(config)) {
            throw CommandException.usage("settings file " + config + ": no such file.");
        }
        List<Shown> all = SettingsLoader.load(Optional.ofNullable(config), ConfigFactory.empty()).inForce().stream()
                .filter(setting -> !changed || !setting.isDefault())
                .map(ConfigShowCommand::shown)
                .toList();
        if (format.isJson()) {
            terminal.json(all);
        } else if (origin) {
            TextTable table = TextTable.of("key", "value", "from", "a change is taken by");
            all.forEach(setting -> table.row(
                    setting.key(),
                    setting.value(),
                    setting.isDefault() ? "default" : setting.origin(),
                    setting.takenBy()));
            table.lines().forEach(terminal::line);
        } else {
            all.forEach(setting -> terminal.line(setting.key() + " = " + setting.value()));
        }
        return ExitCode.OK;
    }

    private static Shown shown(SettingInForce setting) {
        return new Shown(
                setting.path(),
                setting.value(),
                setting.origin(),
                setting.isDefault(),
                setting.scope().name().toLowerCase(Locale.ROOT));
    }
}
