package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the typed values of one section and collects what is wrong with them instead of stopping at the first. A value
 * that is refused is replaced by the default, so that the rest of the section can be read; the caller must not use the
 * result once {@code problems} is not empty.
 */
public final class SectionReader {

    private static final Pattern COMMA = Pattern.compile(",");

    private final Config config;
    private final Config defaults;
    private final String path;
    private final List<SettingsProblem> problems;

    /**
     * @param config resolved, as the user has it
     * @param defaults a valid value for every key there is; a key that it lacks is unknown
     * @param path of the section, for messages; empty for a whole file
     * @param problems where refusals are added
     */
    SectionReader(Config config, Config defaults, String path, List<SettingsProblem> problems) {
        this.config = config;
        this.defaults = defaults;
        this.path = path;
        this.problems = problems;
        refuseUnknownKeys();
    }

    private SectionReader(SectionReader written, Config config) {
        this.config = config;
        this.defaults = written.defaults;
        this.path = written.path;
        this.problems = written.problems;
    }

    /** The same section with values where the user gives none; those are taken to have known keys. */
    public SectionReader withFallback(Config fallback) {
        return new SectionReader(this, config.withFallback(fallback));
    }

    /** The section below this one; what is found wrong in it is added to the problems of this one. */
    public SectionReader section(String key) {
        return section(key, defaults.getConfig(key), "a section, { ... }");
    }

    /** A section whose keys are not among the defaults of this one, as it may be a word instead. */
    SectionReader section(String key, Config sectionDefaults, String expected) {
        Config section = read(
                key,
                "expected " + expected,
                "",
                reader -> reader == defaults ? sectionDefaults : reader.getConfig(key));
        return new SectionReader(section, sectionDefaults, pathOf(key), problems);
    }

    /** The objects of a list of at least one, each with the keys of {@code elementDefaults}; others are left out. */
    public List<SectionReader> elements(String key, Config elementDefaults, String expected) {
        List<SectionReader> elements = new ArrayList<>();
        List<? extends ConfigValue> values = read(key, "expected " + expected, "", reader -> {
            if (reader == defaults) {
                return List.of();
            }
            demand(!reader.getList(key).isEmpty());
            return reader.getList(key);
        });
        for (int i = 0; i < values.size(); i++) {
            String elementPath = "%s[%d]".formatted(pathOf(key), i);
            if (values.get(i) instanceof ConfigObject element) {
                elements.add(new SectionReader(element.toConfig(), elementDefaults, elementPath, problems));
            } else {
                add(elementPath, values.get(i), "expected an object, { ... }", "");
            }
        }
        return elements;
    }

    /**
     * The elements of a list that may be empty: objects with the keys of {@code elementDefaults}, or words that stand for an
     * object with that one key. Also words in one string with commas, as environment variables hold no lists.
     */
    List<SectionReader> objectsOrWords(String key, Config elementDefaults, String wordKey, String expected) {
        List<SectionReader> elements = new ArrayList<>();
        List<? extends ConfigValue> values =
                read(key, "expected " + expected, "", reader -> listOrCommaSeparated(reader, key));
        for (int i = 0; i < values.size(); i++) {
            ConfigValue value = values.get(i);
            String elementPath = "%s[%d]".formatted(pathOf(key), i);
            if (value instanceof ConfigObject element) {
                elements.add(new SectionReader(element.toConfig(), elementDefaults, elementPath, problems));
            } else if (value.valueType() == ConfigValueType.STRING) {
                elements.add(new SectionReader(value.atKey(wordKey), elementDefaults, elementPath, problems));
            } else {
                add(elementPath, value, "expected an object, { ... }, or a " + wordKey, "");
            }
        }
        return elements;
    }

    public boolean has(String key) {
        return config.hasPath(key);
    }

    /** Refuses the section if the user has left out a key that has no default. */
    public void require(String key, String expected) {
        if (!config.hasPathOrNull(key)) {
            noteMissing("expected the key " + key + ", " + expected);
        }
    }

    /** Whether the value is this word, as opposed to one that must be parsed. */
    boolean says(String key, String word) {
        ConfigValue value = config.root().get(key);
        return value != null
                && value.valueType() == ConfigValueType.STRING
                && value.unwrapped().toString().strip().equalsIgnoreCase(word);
    }

    public String text(String key, Pattern pattern, String expected) {
        return read(key, "expected " + expected, "", reader -> {
            String text = reader.getString(key);
            demand(pattern.matcher(text).matches());
            return text;
        });
    }

    public boolean flag(String key) {
        return read(key, "expected true or false", "", reader -> reader.getBoolean(key));
    }

    public int integer(String key, int min, int max) {
        String expectation = "expected a whole number from %d to %d".formatted(min, max);
        return read(key, expectation, "", reader -> wholeNumber(reader.getNumber(key), min, max));
    }

    public List<Integer> integers(String key, int min, int max) {
        String expectation = "expected a list of different whole numbers from %d to %d".formatted(min, max);
        return read(key, expectation, "", reader -> {
            List<Integer> numbers = reader.getNumberList(key).stream()
                    .map(number -> wholeNumber(number, min, max))
                    .toList();
            demand(!numbers.isEmpty() && new HashSet<>(numbers).size() == numbers.size());
            return numbers;
        });
    }

    /** A number that passes a test. */
    public double number(String key, DoublePredicate fits, String expected) {
        return read(key, "expected " + expected, "", reader -> {
            double number = reader.getDouble(key);
            demand(fits.test(number));
            return number;
        });
    }

    public long bytes(String key, long min, long max) {
        String expectation = "expected a size from %s to %s".formatted(Units.size(min), Units.size(max));
        return read(key, expectation, "Sizes look like 512KiB or 1MiB.", reader -> {
            return within(reader.getBytes(key), min, max);
        });
    }

    public Duration duration(String key, Duration min, Duration max) {
        String expectation = "expected a time from %s to %s".formatted(Units.duration(min), Units.duration(max));
        return read(key, expectation, "Times look like 100ms, 30s or 2m.", reader -> {
            Duration duration = reader.getDuration(key);
            demand(duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0);
            return duration;
        });
    }

    /** A power from 0 to {@code max} watts. */
    public double watts(String key, double max) {
        return read(
                key, "expected a power from 0W to %.0fW".formatted(max), "Powers look like 2W or 450mW.", reader -> {
                    double watts = Quantity.watts(reader.getString(key));
                    demand(watts <= max);
                    return watts;
                });
    }

    /** An energy from 0 to {@code max} joules. */
    public double joules(String key, double max) {
        return read(
                key,
                "expected an energy from 0J to %.0fJ".formatted(max),
                "Energies look like 2J or 450mJ.",
                reader -> {
                    double joules = Quantity.joules(reader.getString(key));
                    demand(joules <= max);
                    return joules;
                });
    }

    /** One of the constants of an enum, written in lower case. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            choices.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        String hint = has(key) ? NearestName.hint(String.valueOf(config.getAnyRef(key)), choices.keySet()) : "";
        return read(key, "expected one of " + String.join(", ", choices.keySet()), hint, reader -> {
            String name = reader.getString(key).strip().toLowerCase(Locale.ROOT);
            return Optional.ofNullable(choices.get(name)).orElseThrow(IllegalArgumentException::new);
        });
    }

    /** A list of words, each of them text; empty where there is none. */
    List<String> words(String key) {
        return read(key, "expected a list of words, [\"...\", ...]", "", reader -> reader.getStringList(key));
    }

    /** An object that someone else checks. */
    public ConfigObject object(String key) {
        return read(key, "expected a section, { ... }", "", reader -> reader.getObject(key));
    }

    /** A path made absolute against the working directory; a leading ~ is the home directory. */
    Path path(String key) {
        return read(key, "expected the path of a directory", "", reader -> HomePath.parse(reader.getString(key)));
    }

    /**
     * The path of a file made absolute: a relative one starts at the folder of the file that the value stands in, or at the
     * working directory where it stands in none; a leading ~ is the home directory.
     */
    Path file(String key) {
        return read(key, "expected the path of a file", "", reader -> {
            String source = reader.getValue(key).origin().filename();
            Path folder = source == null || !Files.isRegularFile(Path.of(source))
                    ? null
                    : Path.of(source).toAbsolutePath().getParent();
            return HomePath.parse(reader.getString(key), folder == null ? Path.of("") : folder);
        });
    }

    /** A list of {@code host:port}, also as one string with commas, as environment variables hold no lists. */
    List<HostPort> hostPorts(String key) {
        List<HostPort> parsed = new ArrayList<>();
        List<? extends ConfigValue> values =
                read(key, "expected a list of \"host:port\"", "", reader -> listOrCommaSeparated(reader, key));
        for (int i = 0; i < values.size(); i++) {
            try {
                parsed.add(HostPort.parse(String.valueOf(values.get(i).unwrapped())));
            } catch (IllegalArgumentException e) {
                String valuePath = "%s[%d]".formatted(pathOf(key), i);
                add(valuePath, values.get(i), "expected \"host:port\"", String.valueOf(e.getMessage()));
            }
        }
        return parsed;
    }

    /** A list of different words of a form, also as one string with commas. */
    public List<String> names(String key, Pattern form, String expected) {
        return read(key, "expected " + expected, "", reader -> {
            List<String> names = listOrCommaSeparated(reader, key).stream()
                    .map(value -> String.valueOf(value.unwrapped()))
                    .toList();
            demand(new HashSet<>(names).size() == names.size()
                    && names.stream()
                            .allMatch(name ->
                                    !name.isEmpty() && form.matcher(name).matches()));
            return names;
        });
    }

    private static List<? extends ConfigValue> listOrCommaSeparated(Config reader, String key) {
        ConfigValue value = reader.getValue(key);
        if (value.valueType() != ConfigValueType.STRING) {
            return reader.getList(key);
        }
        return COMMA.splitAsStream(reader.getString(key))
                .filter(part -> !part.isBlank())
                .map(part -> ConfigValueFactory.fromAnyRef(part.strip()).withOrigin(value.origin()))
                .toList();
    }

    /** The value, or the default after noting that {@code reading} threw on the value. */
    public <T> T read(String key, String expectation, String hint, Function<Config, T> reading) {
        if (!config.hasPathOrNull(key)) {
            return reading.apply(defaults);
        }
        try {
            return reading.apply(config);
        } catch (ConfigException | IllegalArgumentException e) {
            refuse(key, expectation, hint);
            return reading.apply(defaults);
        }
    }

    /** Notes that the value of a key, or of a path below this section, is not what was expected. */
    public void refuse(String key, String expectation, String hint) {
        ConfigValue value =
                config.hasPath(key) ? config.getValue(key) : config.root().get(key);
        add(pathOf(key), value == null ? config.root() : value, expectation, hint);
    }

    /** The value of a whole file would say nothing. */
    private void noteMissing(String message) {
        if (path.isEmpty()) {
            problems.add(new SettingsProblem("", "", message, SettingsProblem.describe(config.origin()), ""));
        } else {
            add(path, config.root(), message, "");
        }
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void add(String valuePath, ConfigValue value, String expectation, String hint) {
        if (!Substitutions.isPlaceholder(value)) {
            problems.add(SettingsProblem.of(valuePath, value, expectation, hint));
        }
    }

    private void refuseUnknownKeys() {
        Set<String> known = defaults.root().keySet();
        new TreeMap<>(config.root()).forEach((key, value) -> {
            if (!known.contains(key)) {
                add(pathOf(ConfigUtil.joinPath(key)), value, "unknown key", unknownKeyHint(key));
            }
        });
    }

    /** A similar name here, or the same name further down, or all the names there are. */
    private String unknownKeyHint(String key) {
        Set<String> known = new TreeSet<>(defaults.root().keySet());
        return NearestName.of(key, known)
                .or(() -> defaults.entrySet().stream()
                        .map(Map.Entry::getKey)
                        .filter(candidate -> candidate.endsWith("." + key))
                        .findFirst())
                .map(meant -> "Did you mean " + pathOf(meant) + "?")
                .orElse("Keys here: " + String.join(", ", known) + ".");
    }

    private static int wholeNumber(Number number, int min, int max) {
        demand(number.doubleValue() == number.longValue());
        return (int) within(number.longValue(), min, max);
    }

    private static long within(long value, long min, long max) {
        demand(value >= min && value <= max);
        return value;
    }

    /** Ends a reading that does not fit; {@link #read} turns the exception into a problem. */
    private static void demand(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("the value does not fit its key");
        }
    }
}
