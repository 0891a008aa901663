package dev.tandem.harness.fault;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SectionFile;
import dev.tandem.config.SectionReader;
import dev.tandem.deploy.wiring.Bandwidth;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.Testbed;
import dev.tandem.harness.testbed.TestbedSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Faults at set times. The form of the file is explained in {@code docs/testbed.md}.
 *
 * @param events in the order of their times
 */
public record FaultScript(List<Event> events) {

    /** One fault, so long after the start. */
    public record Event(Duration at, Fault fault) {}

    private static final Config DEFAULTS = ConfigFactory.parseString("events = []");
    private static final Config EVENT =
            ConfigFactory.parseString("at = 0s, kill = a, leave = a, restart = a, stop = a, continue = a,"
                    + " share { node = a, group = cpu, to = 0.1 }, link { node = a, to = 1Gbit/s }, medium = 1Gbit/s,"
                    + " cut = [], partition = [], heal = true, memory { node = a, to = 1GiB },"
                    + " settings { node = a, add = x }");
    private static final Duration MOST = Duration.ofHours(24);
    private static final long LEAST_MEMORY = 1L << 20;
    private static final long MOST_MEMORY = 1L << 50;
    private static final double BITS_PER_BYTE = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern ANY = Pattern.compile("(?s).*");
    private static final String NODE = "the name of a node";
    private static final String NODES = "a list of names of nodes, each once";
    private static final String RATES = "Rates look like 100Mbit/s, 1Gbit/s or 11.5MB/s.";

    private static final Map<String, Function<SectionReader, Fault>> ACTIONS = actions();

    public FaultScript {
        events = events.stream().sorted(Comparator.comparing(Event::at)).toList();
    }

    /**
     * Reads and checks a file.
     *
     * @throws dev.tandem.config.SettingsException if anything is wrong, with every problem that was found
     */
    public static FaultScript read(Path file) {
        return SectionFile.read(file, "a script of faults", DEFAULTS, FaultScript::from);
    }

    private static FaultScript from(SectionReader root) {
        root.require("events", "a list such as [ { at = 5s, kill = two } ]");
        List<Event> events = new ArrayList<>();
        for (SectionReader element : root.elements("events", EVENT, "a list of at least one event, { ... }")) {
            element.require("at", "the time since the start, such as 5s");
            events.add(new Event(element.duration("at", Duration.ZERO, MOST), fault(element)));
        }
        return new FaultScript(events);
    }

    private static Fault fault(SectionReader element) {
        List<String> actions = ACTIONS.keySet().stream().filter(element::has).toList();
        if (actions.size() != 1) {
            element.refuse(
                    actions.isEmpty() ? "at" : actions.get(1),
                    "expected one action beside it: " + String.join(", ", ACTIONS.keySet()),
                    "Events may have the same time.");
            return new Fault.Heal();
        }
        return Objects.requireNonNull(ACTIONS.get(actions.get(0))).apply(element);
    }

    private static Map<String, Function<SectionReader, Fault>> actions() {
        Map<String, Function<SectionReader, Fault>> actions = new LinkedHashMap<>();
        actions.put("kill", element -> new Fault.Kill(name(element, "kill")));
        actions.put("leave", element -> new Fault.Leave(name(element, "leave")));
        actions.put("restart", element -> new Fault.Restart(name(element, "restart")));
        actions.put("stop", element -> new Fault.Stop(name(element, "stop")));
        actions.put("continue", element -> new Fault.Continue(name(element, "continue")));
        actions.put("share", element -> share(element.section("share")));
        actions.put("link", element -> {
            SectionReader link = element.section("link");
            return new Fault.LinkRate(name(link, "node"), rate(link, "to"));
        });
        actions.put("medium", element -> new Fault.MediumRate(rate(element, "medium")));
        actions.put("cut", element -> new Fault.Cut(Set.copyOf(element.names("cut", NAME, NODES))));
        actions.put("partition", FaultScript::partition);
        actions.put("heal", element -> {
            if (!element.flag("heal")) {
                element.refuse("heal", "expected true", "");
            }
            return new Fault.Heal();
        });
        actions.put("memory", element -> {
            SectionReader memory = element.section("memory");
            memory.require("to", "the new limit, such as 300MiB");
            return new Fault.Memory(name(memory, "node"), memory.bytes("to", LEAST_MEMORY, MOST_MEMORY));
        });
        actions.put("settings", element -> {
            SectionReader settings = element.section("settings");
            settings.require("add", "settings, such as \"tandem.planner.max-nodes = 3\"");
            return new Fault.Settings(name(settings, "node"), settings.text("add", ANY, "settings"));
        });
        return actions;
    }

    private static Fault share(SectionReader share) {
        share.require("to", "the new part of a CPU, such as 0.2");
        String group = share.text("group", NAME, "the name of a core group");
        double to = share.number("to", value -> value > 0, "a part of a CPU above 0");
        return new Fault.Share(name(share, "node"), group, to);
    }

    private static Fault partition(SectionReader element) {
        List<Set<String>> groups =
                element.read("partition", "expected lists of names of nodes, [[one, two], [three]]", "", config -> {
                    List<Set<String>> read = new ArrayList<>();
                    config.getList("partition")
                            .forEach(group ->
                                    read.add(Set.copyOf(group.atKey("group").getStringList("group"))));
                    return read;
                });
        return new Fault.Partition(groups);
    }

    private static String name(SectionReader reader, String key) {
        reader.require(key, NODE);
        return reader.text(key, NAME, NODE);
    }

    private static LinkShape rate(SectionReader reader, String key) {
        reader.require(key, "the new rate, such as 10Mbit/s");
        return reader.read(
                key,
                "expected the rate of a link",
                RATES,
                config -> new LinkShape((long) (Bandwidth.bytesPerSecond(config.getString(key)) * BITS_PER_BYTE)));
    }

    /**
     * Checks it against a bed.
     *
     * @throws IllegalArgumentException when it names a node that the bed does not have
     */
    public void requireNodesOf(TestbedSpec spec) {
        Set<String> known = new TreeSet<>(Set.of(Testbed.CLIENT));
        spec.nodes().forEach(node -> known.add(node.name()));
        for (Event event : events) {
            for (String node : event.fault().nodes()) {
                if (!known.contains(node)) {
                    throw new IllegalArgumentException("'" + event.fault() + "' names '" + node + "', but there are "
                            + String.join(", ", known) + ".");
                }
            }
        }
    }
}
