package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Lays the sources of settings over each other; one that cannot be read becomes a problem and is left out. */
final class SettingsLayers {

    /** Where Tandem differs from the defaults of the libraries it uses; a module that uses one may bring it. */
    private static final String LIBRARY_DEFAULTS = "tandem-pekko.conf";

    private static final String ROOT_PREFIX = SettingsLoader.ROOT + ".";

    private final Map<String, String> environment;
    private final Properties properties;
    private final List<SettingsProblem> problems;
    private final Config reference;
    private final Config defaults;

    SettingsLayers(Map<String, String> environment, Properties properties, List<SettingsProblem> problems) {
        this.environment = environment;
        this.properties = properties;
        this.problems = problems;
        this.reference = ConfigFactory.defaultReferenceUnresolved(SettingsLayers.class.getClassLoader());
        Config own = reference.withOnlyPath(SettingsLoader.ROOT);
        this.defaults = new Substitutions(Map.of(), problems).resolve(own, own).getConfig(SettingsLoader.ROOT);
    }

    /** Tandem's section as {@code reference.conf} has it, untouched by the user's environment: every key there is. */
    Config defaults() {
        return defaults;
    }

    /** All layers together; where their substitutions clash the defaults alone. */
    Config resolved(Optional<Path> file, Config overrides) {
        Config stack = overrides
                .withFallback(systemProperties())
                .withFallback(environmentVariables())
                .withFallback(file.map(path -> SectionFile.parsed(path, "a settings file", problems))
                        .orElse(ConfigFactory.empty()))
                .withFallback(SectionFile.parsed("application.conf", problems, ConfigFactory::defaultApplication))
                .withFallback(ConfigFactory.parseResources(SettingsLayers.class.getClassLoader(), LIBRARY_DEFAULTS))
                .withFallback(reference);
        return new Substitutions(environment, problems).resolve(stack, defaults.atPath(SettingsLoader.ROOT));
    }

    /** The environment variable that overrides a key: TANDEM_NODE_DATA_DIRECTORY for tandem.node.data-directory. */
    static String variableOf(String path) {
        return path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * The variables as a layer of its own. The lines {@code key = ${?VARIABLE}} of reference.conf alone would lose
     * against a settings file, but whoever sets a variable for one start of a container means to change the file's value.
     */
    private Config environmentVariables() {
        Config layer = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> setting : defaults.entrySet()) {
            String key = setting.getKey();
            String variable = variableOf(ROOT_PREFIX + key);
            String value = environment.get(variable);
            if (value != null) {
                String origin = Substitutions.environmentOrigin(variable);
                layer = layer.withValue(ROOT_PREFIX + key, ConfigValueFactory.fromAnyRef(value, origin));
            }
        }
        return layer;
    }

    /**
     * All system properties, as substitutions may name them, without those under our root that belong to others: a
     * property is ours if its section is, or looks like a misspelt one.
     */
    private Config systemProperties() {
        Properties kept = new Properties();
        for (String name : properties.stringPropertyNames()) {
            if (!name.equals(SettingsLoader.ROOT) && (!name.startsWith(ROOT_PREFIX) || looksLikeSetting(name))) {
                kept.setProperty(name, properties.getProperty(name));
            }
        }
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("system properties");
        return ConfigFactory.parseProperties(kept, options);
    }

    private boolean looksLikeSetting(String name) {
        Set<String> sections = defaults.root().keySet();
        String section = name.substring(ROOT_PREFIX.length()).split("\\.", 2)[0];
        return sections.contains(section) || NearestName.of(section, sections).isPresent();
    }
}
