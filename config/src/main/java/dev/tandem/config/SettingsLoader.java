package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Loads the settings from all places that a user of Typesafe Config expects: overrides of the caller (the command
 * line) beat system properties, which beat environment variables, the settings file, {@code application.conf} and the
 * {@code reference.conf} of every library on the class path.
 *
 * <p>Everything is read anew at every call, so that loading again is a reload. Thread-safe.
 */
public final class SettingsLoader {

    /** The key that all of Tandem's own settings are under; everything beside it belongs to other libraries. */
    static final String ROOT = "tandem";

    private SettingsLoader() {}

    /** Loads and checks the settings of a user who has no settings file. */
    public static LoadedSettings load() {
        return load(Optional.empty(), ConfigFactory.empty());
    }

    /**
     * Loads and checks the settings.
     *
     * @param file of the user: HOCON, or JSON or properties by its ending
     * @param overrides win over everything else; their origin description is what problems name as the place
     * @throws SettingsException if anything is wrong, with every problem that was found
     */
    public static LoadedSettings load(Optional<Path> file, Config overrides) {
        return load(file, overrides, System.getenv(), (Properties)
                System.getProperties().clone());
    }

    static LoadedSettings load(
            Optional<Path> file, Config overrides, Map<String, String> environment, Properties properties) {
        List<SettingsProblem> problems = new ArrayList<>();
        SettingsLayers layers = new SettingsLayers(environment, properties, problems);
        Config config = layers.resolved(file, overrides);
        TandemSettings settings = TandemSettings.from(root(config, layers.defaults(), problems));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new LoadedSettings(settings, config, new SettingsSource(file, overrides));
    }

    private static SectionReader root(Config config, Config defaults, List<SettingsProblem> problems) {
        ConfigValue root = config.root().get(ROOT);
        if (root instanceof ConfigObject section) {
            return new SectionReader(section.toConfig(), defaults, ROOT, problems);
        }
        ConfigValue shown = root == null ? config.root() : root;
        problems.add(SettingsProblem.of(ROOT, shown, "expected a section, { ... }", ""));
        return new SectionReader(defaults, defaults, ROOT, problems);
    }
}
