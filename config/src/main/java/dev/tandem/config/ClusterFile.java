package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A cluster file: the members of a cluster, where they run, and their settings. Its section {@code cluster} is explained in
 * {@code cluster-reference.conf}; its section {@code tandem} holds settings of all members.
 *
 * @param install folder on each host; a leading ~ is the home directory there
 * @param distribution empty: that of this program
 * @param hosts at least one, with different names and addresses
 */
public record ClusterFile(
        String name,
        String install,
        Optional<Path> distribution,
        Duration upTimeout,
        Duration downTimeout,
        Duration connectTimeout,
        List<String> sshOptions,
        List<ClusterHost> hosts) {

    private static final String ROOT = "cluster";
    private static final Config REFERENCE = ConfigFactory.parseResources(ClusterFile.class, "cluster-reference.conf")
            .getConfig(ROOT);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63})?");
    /** It is given to a shell on the host. */
    private static final Pattern FOLDER = Pattern.compile("(~|~?/)[A-Za-z0-9._/+-]*");

    private static final Pattern TEXT = Pattern.compile(".*");
    /** What the file says elsewhere, once. */
    private static final List<String> DERIVED =
            List.of("tandem.node.name", "tandem.network.host", "tandem.network.port", "tandem.network.seeds");

    public ClusterFile {
        sshOptions = List.copyOf(sshOptions);
        hosts = List.copyOf(hosts);
    }

    /** Whether a settings file is a cluster file, too: it has a section of that name. False where it cannot be read. */
    public static boolean isClusterFile(Path file) {
        try {
            return Files.isRegularFile(file)
                    && ConfigFactory.parseFile(file.toFile()).root().containsKey(ROOT);
        } catch (ConfigException e) {
            return false;
        }
    }

    /** Addresses of the members, for whoever joins. */
    public List<HostPort> seeds() {
        return hosts.stream().map(ClusterHost::address).toList();
    }

    /**
     * Reads and checks a file, the settings of every member included.
     *
     * @throws SettingsException if anything is wrong, with every problem that was found
     */
    public static ClusterFile load(Path file) {
        List<SettingsProblem> problems = new ArrayList<>();
        Config config = parsed(file, problems);
        ClusterFile cluster = problems.isEmpty() ? read(file, config, problems) : null;
        if (cluster == null || !problems.isEmpty()) {
            throw new SettingsException(problems.stream().distinct().toList());
        }
        return cluster;
    }

    private static Config parsed(Path file, List<SettingsProblem> problems) {
        if (!Files.isRegularFile(file)) {
            problems.add(new SettingsProblem("", "", "expected a cluster file", file.toString(), "Check the path."));
            return ConfigFactory.empty();
        }
        try {
            Config raw = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            return new Substitutions(System.getenv(), problems).resolve(raw, ConfigFactory.empty());
        } catch (ConfigException e) {
            problems.add(SettingsProblem.of(e, file.toString()));
            return ConfigFactory.empty();
        }
    }

    private static ClusterFile read(Path file, Config config, List<SettingsProblem> problems) {
        SectionReader reader = new SectionReader(section(file, config, problems), REFERENCE, ROOT, problems);
        List<ClusterHost> hosts = hosts(reader, config.withoutPath(ROOT), problems);
        checkSettings(hosts, problems);
        String name = reader.text("name", NAME, "at most 64 letters, digits and . _ -");
        String distribution = reader.text("distribution", TEXT, "a file");
        return new ClusterFile(
                name.isEmpty() ? nameOf(file) : name,
                reader.text("install", FOLDER, "an absolute folder, or one that begins with ~/, of letters and digits"),
                distribution.isEmpty()
                        ? Optional.empty()
                        : Optional.of(file.toAbsolutePath().resolveSibling(HomePath.expanded(distribution))),
                reader.duration("up-timeout", SECOND, HOUR),
                reader.duration("down-timeout", Duration.ZERO, LONG),
                reader.duration("connect-timeout", SECOND, LONG),
                reader.words("ssh-options"),
                hosts);
    }

    private static Config section(Path file, Config config, List<SettingsProblem> problems) {
        ConfigValue value = config.root().get(ROOT);
        if (value instanceof ConfigObject section) {
            return section.toConfig();
        }
        String hint = "Name the hosts: cluster { hosts = [ { destination = local } ] }";
        problems.add(new SettingsProblem(
                ROOT, "", "expected a section, { ... }", value == null ? file.toString() : "", hint));
        return REFERENCE;
    }

    private static List<ClusterHost> hosts(SectionReader reader, Config common, List<SettingsProblem> problems) {
        List<SectionReader> elements = reader.elements("hosts", ClusterHost.DEFAULTS, "a list of at least one host");
        if (elements.isEmpty() && !reader.has("hosts")) {
            reader.require("hosts", "a list such as [ { destination = local } ]");
        }
        List<ClusterHost> hosts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<HostPort> addresses = new HashSet<>();
        for (SectionReader element : elements) {
            int before = problems.size();
            ClusterHost host = ClusterHost.from(element, hosts.size(), common);
            if (!names.add(host.name())) {
                element.refuse("name", "expected a name that no other host has, not " + host.name(), "");
            }
            // A default that stands in for a refused value is nobody's address.
            if (problems.size() == before && !addresses.add(host.address())) {
                String hint = "Members on one machine need different ports.";
                element.refuse("port", "expected an address that no other host has, not " + host.address(), hint);
            }
            hosts.add(host);
        }
        return hosts;
    }

    /** The members themselves would refuse the same, but one after the other and far away. */
    private static void checkSettings(List<ClusterHost> hosts, List<SettingsProblem> problems) {
        SettingsLayers layers = new SettingsLayers(Map.of(), new Properties(), problems);
        for (ClusterHost host : hosts) {
            refuseDerived(host, problems);
            ConfigValue root = host.settings().root().get(SettingsLoader.ROOT);
            if (root instanceof ConfigObject section) {
                TandemSettings.from(
                        new SectionReader(section.toConfig(), layers.defaults(), SettingsLoader.ROOT, problems));
            } else if (root != null) {
                problems.add(SettingsProblem.of(SettingsLoader.ROOT, root, "expected a section, { ... }", ""));
            }
        }
    }

    private static void refuseDerived(ClusterHost host, List<SettingsProblem> problems) {
        for (String path : DERIVED) {
            if (host.settings().hasPath(path)) {
                problems.add(SettingsProblem.of(
                        path,
                        host.settings().getValue(path),
                        "expected nothing here: it follows from the keys of the host",
                        "Hosts have the keys name, address and port."));
            }
        }
    }

    private static String nameOf(Path file) {
        String name =
                file.getFileName().toString().replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "-");
        return NAME.matcher(name).matches() && !name.isEmpty() ? name : "cluster";
    }
}
