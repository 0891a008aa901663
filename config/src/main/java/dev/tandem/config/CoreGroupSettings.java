package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One core group as the user describes it: CPUs of one kind, or an accelerator, that run shards together.
 *
 * @param cpus CPU numbers as the operating system counts them, without repeats; may be empty where the provider computes
 *     elsewhere
 * @param threads threads of one inference
 * @param power absent where the user does not say
 * @param controlGroups directories of Linux control groups that the group's threads join, absolute
 */
public record CoreGroupSettings(
        String name,
        List<Integer> cpus,
        int threads,
        ProviderSettings provider,
        Optional<PowerSettings> power,
        List<Path> controlGroups) {

    /** The keys of a core group; an element of the list has no counterpart in reference.conf. */
    static final Config DEFAULTS = ConfigFactory.parseString(
            "name = group, cpus = [0], threads = 1, provider = cpu, provider-options {}, on-missing = fail,"
                    + " power { idle = 0W, busy = 0W }, control-groups = []");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern FOLDER = Pattern.compile("/.+");
    private static final int MAX_CPU = 4095;
    private static final int MAX_THREADS = 1024;

    public CoreGroupSettings {
        cpus = List.copyOf(cpus);
        controlGroups = List.copyOf(controlGroups);
        Limits.check("threads of core group " + name, threads, 1, MAX_THREADS);
        if (cpus.isEmpty() && provider.provider().needsCpus()) {
            throw new IllegalArgumentException("core group " + name + " must have at least one CPU.");
        }
    }

    /** CPUs of unknown power in the control groups of the process. */
    public CoreGroupSettings(String name, List<Integer> cpus, int threads) {
        this(name, cpus, threads, ProviderSettings.CPU, Optional.empty(), List.of());
    }

    static CoreGroupSettings from(SectionReader reader) {
        reader.require("name", "a name of the core group");
        ProviderSettings provider = ProviderSettings.from(reader);
        List<Integer> cpus = cpus(reader, provider.provider());
        return new CoreGroupSettings(
                reader.text("name", NAME, "at most 64 letters, digits and . _ -, starting with a letter or digit"),
                cpus,
                reader.has("threads") ? reader.integer("threads", 1, MAX_THREADS) : Math.max(1, cpus.size()),
                provider,
                reader.has("power") ? Optional.of(PowerSettings.from(reader.section("power"))) : Optional.empty(),
                reader.names("control-groups", FOLDER, "a list of different absolute folders").stream()
                        .map(Path::of)
                        .toList());
    }

    private static List<Integer> cpus(SectionReader reader, CoreGroupProvider provider) {
        if (!provider.needsCpus() && !reader.has("cpus")) {
            return List.of();
        }
        reader.require("cpus", "the list of its CPUs, such as [0, 1]");
        return reader.integers("cpus", 0, MAX_CPU);
    }
}
