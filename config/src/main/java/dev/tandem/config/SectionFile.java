package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a file of a form of its own, HOCON or JSON, that is checked like the settings: all that is wrong with it at
 * once, each with file and line. Thread-safe.
 */
public final class SectionFile {

    private SectionFile() {}

    /**
     * Reads and checks a file.
     *
     * @param what the file in words, such as {@code a topology file}
     * @param defaults a valid value for every key at the top of the file; others are unknown
     * @param reading takes the values and notes what is wrong; its result is used only if nothing is, so it must cope
     *     with defaults in the place of what it refused
     * @throws SettingsException if anything is wrong, with every problem that was found
     */
    public static <T> T read(Path file, String what, Config defaults, Function<SectionReader, T> reading) {
        List<SettingsProblem> problems = new ArrayList<>();
        Config unresolved = parsed(file, what, problems);
        Config config = new Substitutions(System.getenv(), problems).resolve(unresolved, ConfigFactory.empty());
        refuse(problems);
        T value = reading.apply(new SectionReader(config, defaults, "", problems));
        refuse(problems);
        return value;
    }

    /** What stands in the file, substitutions unresolved; empty after noting why it cannot be read. */
    static Config parsed(Path file, String what, List<SettingsProblem> problems) {
        if (!Files.exists(file)) {
            return refused(problems, file, "expected " + what + ", but there is none", "Check the path.");
        }
        if (Files.isDirectory(file)) {
            return refused(problems, file, "expected " + what + ", but this is a directory", "Name the file in it.");
        }
        ConfigParseOptions options = ConfigParseOptions.defaults().setAllowMissing(false);
        return parsed(file.toString(), problems, () -> ConfigFactory.parseFile(file.toFile(), options));
    }

    static Config parsed(String source, List<SettingsProblem> problems, Supplier<Config> parsing) {
        try {
            return parsing.get();
        } catch (ConfigException e) {
            problems.add(SettingsProblem.of(e, source));
            return ConfigFactory.empty();
        }
    }

    private static Config refused(List<SettingsProblem> problems, Path file, String message, String hint) {
        problems.add(new SettingsProblem("", "", message, file.toString(), hint));
        return ConfigFactory.empty();
    }

    private static void refuse(List<SettingsProblem> problems) {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }
}
