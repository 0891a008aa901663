package dev.tandem.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Loads settings from places that the test controls: nothing of the machine's environment gets in. */
final class Loading {

    private final Map<String, String> environment = new HashMap<>();
    private final Properties properties = new Properties();
    private Optional<Path> file = Optional.empty();
    private Config overrides = ConfigFactory.empty();

    static TandemSettings settings(String hocon) {
        return new Loading().overridden(hocon).settings();
    }

    static List<SettingsProblem> problems(String hocon) {
        return new Loading().overridden(hocon).problems();
    }

    Loading file(Path path) {
        file = Optional.of(path);
        return this;
    }

    Loading file(Path path, String content) {
        try {
            return file(Files.writeString(path, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Loading variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Loading property(String name, String value) {
        properties.setProperty(name, value);
        return this;
    }

    Loading overridden(String hocon) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("command line");
        overrides = ConfigFactory.parseString(hocon, options);
        return this;
    }

    LoadedSettings load() {
        return SettingsLoader.load(file, overrides, environment, properties);
    }

    TandemSettings settings() {
        return load().settings();
    }

    List<SettingsProblem> problems() {
        return failure().problems();
    }

    SettingsException failure() {
        return catchThrowableOfType(SettingsException.class, this::load);
    }
}
