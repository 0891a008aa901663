package dev.tandem.deploy.wiring;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.NearestName;
import dev.tandem.config.PowerSettings;
import dev.tandem.config.SectionReader;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Processor;
import dev.tandem.deploy.wiring.TopologyFile.Group;
import dev.tandem.deploy.wiring.TopologyFile.Machine;
import dev.tandem.deploy.wiring.TopologyFile.Speed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Takes machines and links from a topology file and notes all that is wrong with them. Used once. */
final class TopologyReader {

    /** The keys of a topology file; every value is a valid one. */
    static final Config DEFAULTS = ConfigFactory.parseString(
            "gateway = outside, nodes = [], links = [], default-link { bandwidth = 1Gbit/s, latency = 0s, media = [] }");

    private static final Config NODE =
            ConfigFactory.parseString("name = node, preset = raspberry-pi-4, memory = 1GiB, core-groups = [],"
                    + " power { idle = 0W, send = 0W, receive = 0W },"
                    + " processor { machine = machine, cpus = 4,"
                    + " carrying { request = 150us, frame = 150us, bandwidth = 400MB/s } }");
    private static final Config GROUP =
            ConfigFactory.parseString("name = cpu, kind = cpu, cpus = [0], threads = 1, rate = 1e9,"
                    + " profile = profile.json, power { idle = 0W, busy = 0W }");
    private static final Config LINK = ConfigFactory.parseString(
            "from = outside, to = outside, bandwidth = 1Gbit/s, latency = 0s, media = [], both-ways = true");

    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String NAME_FORM = "at most 64 letters, digits and . _ -, starting with a letter or digit";
    private static final long LEAST_MEMORY = 1L << 20;
    private static final long MOST_MEMORY = 1L << 50;
    private static final int MOST_CPU = 4095;
    private static final int MOST_THREADS = 1024;
    private static final double MOST_RATE = 1e18;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration MOST_LATENCY = Duration.ofMinutes(1);
    private static final Duration MOST_CARRYING = Duration.ofSeconds(1);

    private final Path file;
    private final SectionReader root;
    private final Map<List<String>, Link> links = new LinkedHashMap<>();

    TopologyReader(Path file, SectionReader root) {
        this.file = file;
        this.root = root;
    }

    TopologyFile read() {
        root.require("nodes", "a list of machines");
        List<Machine> machines = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (SectionReader element : root.elements("nodes", NODE, "a list of at least one machine, { ... }")) {
            machines.add(machine(element, names));
        }
        names.add(TopologyFile.OUTSIDE);
        for (SectionReader element : root.elements("links", LINK, "a list of at least one link, { ... }")) {
            link(element, names);
        }
        if (root.has("default-link")) {
            addDefaults(root.section("default-link"), names);
        }
        String gateway =
                machines.isEmpty() ? TopologyFile.OUTSIDE : machines.get(0).name();
        if (root.has("gateway")) {
            gateway = place(root, "gateway", names);
        }
        return new TopologyFile(gateway, machines, List.copyOf(links.values()));
    }

    private Machine machine(SectionReader written, Set<String> names) {
        SectionReader element = withPreset(written);
        element.require("name", "a name of the machine");
        element.require("memory", "the memory for parts of models, such as 2GiB");
        element.require("core-groups", "a list of groups of CPUs");
        String name = element.text("name", NODE_NAME, NAME_FORM);
        if (element.has("name") && (!names.add(name) || name.equals(TopologyFile.OUTSIDE))) {
            element.refuse("name", "expected a name that no other machine has, and not outside", "");
        }
        long memory = element.bytes("memory", LEAST_MEMORY, MOST_MEMORY);
        List<Group> groups = new ArrayList<>();
        Set<String> groupNames = new HashSet<>();
        for (SectionReader group :
                element.elements("core-groups", GROUP, "a list of at least one core group, { ... }")) {
            groups.add(group(group, groupNames));
        }
        return new Machine(name, memory, groups, nodePower(written, element, groups), processor(element, name, groups));
    }

    /** Without a word of it as many CPUs as the core groups have threads, all of them the machine's own. */
    private static Processor processor(SectionReader element, String name, List<Group> groups) {
        int threads = Math.max(1, groups.stream().mapToInt(Group::cpuThreads).sum());
        if (!element.has("processor")) {
            return new Processor(name, threads, Carrying.PRESET);
        }
        SectionReader section = element.section("processor");
        String machine = section.has("machine") ? section.text("machine", NODE_NAME, NAME_FORM) : name;
        int cpus = section.has("cpus") ? section.integer("cpus", 1, MOST_CPU + 1) : threads;
        return new Processor(
                machine, cpus, section.has("carrying") ? carrying(section.section("carrying")) : Carrying.PRESET);
    }

    private static Carrying carrying(SectionReader section) {
        Carrying preset = Carrying.PRESET;
        return new Carrying(
                section.has("request") ? seconds(section, "request") : preset.secondsPerRequest(),
                section.has("frame") ? seconds(section, "frame") : preset.secondsPerFrame(),
                section.has("bandwidth") ? 1 / bandwidth(section) : preset.secondsPerByte());
    }

    private static double seconds(SectionReader section, String key) {
        return section.duration(key, Duration.ZERO, MOST_CARRYING).toNanos() / NANOS_PER_SECOND;
    }

    private static SectionReader withPreset(SectionReader element) {
        if (!element.has("preset")) {
            return element;
        }
        String name = element.text("preset", ANY, "the name of a board");
        Optional<Config> board = BoardPresets.named(name);
        if (board.isEmpty()) {
            element.refuse(
                    "preset",
                    "expected one of " + String.join(", ", BoardPresets.names()),
                    NearestName.hint(name, BoardPresets.names()));
        }
        return board.map(element::withFallback).orElse(element);
    }

    private static NodePower nodePower(SectionReader written, SectionReader element, List<Group> groups) {
        if (!element.has("power")) {
            return NodePower.NONE;
        }
        if (written.has("power")
                && groups.stream().allMatch(group -> group.power().isEmpty())) {
            written.refuse(
                    "power", "expected the power of the core groups as well", "Without it this one is of no use.");
        }
        SectionReader power = element.section("power");
        return new NodePower(
                power.watts("idle", PowerSettings.MAX_WATTS),
                power.watts("send", PowerSettings.MAX_WATTS),
                power.watts("receive", PowerSettings.MAX_WATTS));
    }

    private Group group(SectionReader element, Set<String> names) {
        String name = element.text("name", GROUP_NAME, NAME_FORM);
        if (!names.add(name)) {
            element.refuse(
                    "name", "expected a name that no other core group of the machine has", "The default is cpu.");
        }
        List<Integer> cpus = element.has("cpus") ? element.integers("cpus", 0, MOST_CPU) : List.of();
        int threads = element.has("threads") ? element.integer("threads", 1, MOST_THREADS) : Math.max(1, cpus.size());
        CoreGroup.Kind kind = element.choice("kind", CoreGroup.Kind.class);
        return new Group(name, kind, cpus, threads, speed(element, name), power(element));
    }

    private static Optional<Power> power(SectionReader element) {
        if (!element.has("power")) {
            return Optional.empty();
        }
        PowerSettings settings = PowerSettings.from(element.section("power"));
        return Optional.of(new Power(settings.idleWatts(), settings.busyWatts()));
    }

    private Speed speed(SectionReader element, String group) {
        if (element.has("rate") && element.has("profile")) {
            element.refuse("profile", "expected either a rate or a profile, not both", "");
        }
        if (element.has("profile")) {
            return measured(element, group);
        }
        element.require("rate", "multiply-adds per second such as 9e9, or the key profile, a file");
        return new Speed.Rate(element.number(
                "rate", rate -> rate > 0 && rate <= MOST_RATE, "multiply-adds per second, above 0 and at most 1e18"));
    }

    /** Relative to the folder of the topology file, so that both can be moved together. */
    private Speed measured(SectionReader element, String group) {
        String named = element.text("profile", ANY, "the path of a profile");
        try {
            Path path = file.toAbsolutePath().resolveSibling(named);
            ProfileJson profile = ProfileJson.read(Files.readAllBytes(path));
            return new Speed.Measured(named, profile, profile.groupFor(group));
        } catch (IOException | InvalidPathException e) {
            element.refuse(
                    "profile",
                    "expected the path of a profile that can be read",
                    "Maybe write one with 'tandem profile MODEL -o FILE'.");
        } catch (IllegalArgumentException e) {
            element.refuse("profile", "expected a profile: " + e.getMessage(), "");
        }
        return new Speed.Rate(1);
    }

    private void link(SectionReader element, Set<String> names) {
        element.require("from", "the name of a machine, or outside");
        element.require("to", "the name of a machine, or outside");
        element.require("bandwidth", "such as 1Gbit/s");
        String from = place(element, "from", names);
        String to = place(element, "to", names);
        Link link = new Link(from, to, bandwidth(element), latency(element)).on(media(element));
        if (element.has("from") && element.has("to") && from.equals(to)) {
            element.refuse("to", "expected another machine than from", "");
            return;
        }
        boolean isNew = add(link, from, to);
        if (element.flag("both-ways")) {
            isNew &= add(link, to, from);
        }
        if (element.has("from") && element.has("to") && !isNew) {
            element.refuse("to", "expected each direction of each pair once", "Maybe set both-ways = false.");
        }
    }

    private void addDefaults(SectionReader section, Set<String> names) {
        section.require("bandwidth", "such as 1Gbit/s");
        Link link = new Link(TopologyFile.OUTSIDE, TopologyFile.OUTSIDE, bandwidth(section), latency(section))
                .on(media(section));
        for (String from : names) {
            for (String to : names) {
                if (!from.equals(to)) {
                    add(link, from, to);
                }
            }
        }
    }

    private boolean add(Link like, String from, String to) {
        Link link = new Link(from, to, like.bandwidthBytesPerSecond(), like.latencySeconds(), like.media());
        return links.putIfAbsent(List.of(from, to), link) == null;
    }

    private static String place(SectionReader reader, String key, Set<String> names) {
        String name = reader.text(key, ANY, "the name of a machine of this file, or outside");
        if (reader.has(key) && !names.contains(name)) {
            String hint = NearestName.of(name, names)
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("There are: " + String.join(", ", names) + ".");
            reader.refuse(key, "expected the name of a machine of this file, or outside", hint);
        }
        return name;
    }

    private static double bandwidth(SectionReader reader) {
        return reader.read(
                "bandwidth",
                "expected a bandwidth above 0",
                "Bandwidths look like 100Mbit/s, 1Gbit/s or 11.5MB/s.",
                config -> Bandwidth.bytesPerSecond(config.getString("bandwidth")));
    }

    /** Links of one channel, in both directions, wait for each other. */
    private static List<String> media(SectionReader reader) {
        return reader.names("media", GROUP_NAME, "names of shared channels, each once: " + NAME_FORM);
    }

    private static double latency(SectionReader reader) {
        return reader.duration("latency", Duration.ZERO, MOST_LATENCY).toNanos() / NANOS_PER_SECOND;
    }
}
