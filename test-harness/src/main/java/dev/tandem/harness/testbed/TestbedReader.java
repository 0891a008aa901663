package dev.tandem.harness.testbed;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.NearestName;
import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PowerSettings;
import dev.tandem.config.SectionReader;
import dev.tandem.deploy.wiring.Bandwidth;
import dev.tandem.deploy.wiring.BoardPresets;
import dev.tandem.harness.testbed.TestbedSpec.Group;
import dev.tandem.harness.testbed.TestbedSpec.Medium;
import dev.tandem.harness.testbed.TestbedSpec.Network;
import dev.tandem.harness.testbed.TestbedSpec.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes machines and a network from a file and notes all that is wrong with them. Used once. */
final class TestbedReader {

    /** The keys of the file; every value is a valid one. */
    static final Config DEFAULTS = ConfigFactory.parseString("name = bed, scale = 0.01, memory-scale = 1, nodes = [],"
            + " network { medium = switched, rate = 1Gbit/s, client = 1Gbit/s }, tandem {}");

    private static final Config NODE = ConfigFactory.parseString(
            "name = node, preset = raspberry-pi-4, memory = 1GiB, share = 0.1, core-groups = [], link = 1Gbit/s, tandem {},"
                    + " power { idle = 0W, send = 0W, receive = 0W }");
    private static final Config GROUP = ConfigFactory.parseString(
            "name = cpu, share = 0.1, rate = 1e9, threads = 1, cpus = [0], power { idle = 0W, busy = 0W }");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String NAME_FORM = "at most 64 letters, digits and . _ -, starting with a letter or digit";
    /** With what goes before them, the names of threads have 15 characters. */
    private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,8}");

    private static final Pattern ANY = Pattern.compile(".*");
    /** Addresses of one network of 24 bits, less the client's. */
    private static final int MOST_NODES = 64;

    private static final int MOST_GROUPS = 16;
    private static final int MOST_THREADS = 64;
    private static final double MOST_SHARE = 1024;
    private static final long LEAST_MEMORY = 64L << 20;
    private static final long MOST_MEMORY = 1L << 50;
    private static final double GIGA = 1e9;
    private static final double BITS_PER_BYTE = 8;
    /** What is scaled is rounded to what can be told apart. */
    private static final double SHARE_STEP = 0x1p-10;

    private final Path file;
    private final SectionReader root;

    TestbedReader(Path file, SectionReader root) {
        this.file = file;
        this.root = root;
    }

    TestbedSpec read() {
        root.require("nodes", "a list of machines");
        List<Node> nodes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SectionReader element : root.elements("nodes", NODE, "a list of at least one machine, { ... }")) {
            Node node = node(element);
            if (element.has("name") && !names.add(node.name())) {
                element.refuse("name", "expected a name that no other machine has", "");
            }
            nodes.add(node);
        }
        if (nodes.size() > MOST_NODES) {
            root.refuse("nodes", "expected at most " + MOST_NODES + " machines", "");
        }
        return new TestbedSpec(
                root.has("name") ? root.text("name", NAME, NAME_FORM) : nameOf(file),
                nodes,
                network(root.section("network")),
                MemberSettings.of(root));
    }

    private static Network network(SectionReader written) {
        return new Network(
                written.choice("medium", Medium.class),
                rate(written, "rate"),
                rate(written, written.has("client") ? "client" : "rate"));
    }

    private static String nameOf(Path file) {
        String name =
                file.getFileName().toString().replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9._-]", "-");
        return NAME.matcher(name).matches() ? name : "bed";
    }

    private Node node(SectionReader written) {
        written.require("name", "a name of the machine");
        Optional<Config> preset = preset(written);
        SectionReader element = preset.map(written::withFallback).orElse(written);
        boolean isOwn = written.has("share") || written.has("core-groups");
        if (written.has("share") && written.has("core-groups")) {
            written.refuse("share", "expected the shares in the core groups, where there are some", "");
        } else if (!isOwn && preset.isEmpty()) {
            written.require("share", "its part of a CPU such as 0.25, or core-groups, or preset, the name of a board");
        }
        if (Testbed.CLIENT.equals(written.text("name", NAME, NAME_FORM))) {
            written.refuse("name", "expected another name: " + Testbed.CLIENT + " is the machine that asks", "");
        }
        element.require("memory", "what its processes may hold, such as 600MiB");
        List<Group> groups =
                written.has("share") || (!isOwn && preset.isEmpty()) ? List.of(single(written)) : groups(element);
        return new Node(
                written.text("name", NAME, NAME_FORM),
                memory(written, element),
                groups,
                power(written, element, groups),
                written.has("link") ? Optional.of(rate(written, "link")) : Optional.empty(),
                MemberSettings.of(written));
    }

    private static Optional<Config> preset(SectionReader element) {
        if (!element.has("preset")) {
            return Optional.empty();
        }
        String name = element.text("preset", ANY, "the name of a board");
        Optional<Config> board = BoardPresets.named(name);
        if (board.isEmpty()) {
            element.refuse(
                    "preset",
                    "expected one of " + String.join(", ", BoardPresets.names()),
                    NearestName.hint(name, BoardPresets.names()));
        }
        return board;
    }

    /** A board's is scaled; what the file itself says is not. */
    private long memory(SectionReader written, SectionReader element) {
        long bytes = element.bytes("memory", LEAST_MEMORY, MOST_MEMORY);
        double scale = written.has("memory") ? 1 : positive(root, "memory-scale");
        return Math.max(LEAST_MEMORY, (long) (bytes * scale));
    }

    /** That of a preset whose core groups the file replaces by some of unknown power is of no use. */
    private static NodePowerSettings power(SectionReader written, SectionReader element, List<Group> groups) {
        boolean isUsed = groups.stream().anyMatch(group -> group.power().isPresent());
        if (written.has("power") && !isUsed) {
            written.refuse(
                    "power",
                    "expected the power of the core groups as well",
                    "Maybe write core-groups = [ { name = cpu, share = 0.25, power { idle = 0W, busy = 4W } } ].");
        }
        return isUsed && element.has("power")
                ? NodePowerSettings.from(element.section("power"))
                : NodePowerSettings.NONE;
    }

    private static Group single(SectionReader element) {
        return new Group("cpu", share(element), 1, Optional.empty());
    }

    private List<Group> groups(SectionReader node) {
        List<Group> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SectionReader element :
                node.elements("core-groups", GROUP, "a list of at least one core group, { ... }")) {
            Group group = group(element);
            if (!names.add(group.name())) {
                element.refuse("name", "expected a name that no other core group of the machine has", "");
            }
            groups.add(group);
        }
        if (groups.size() > MOST_GROUPS) {
            node.refuse("core-groups", "expected at most " + MOST_GROUPS + " core groups", "");
        }
        return groups;
    }

    /** A board's threads are not kept: they would share what is a part of one CPU. */
    private Group group(SectionReader element) {
        boolean isOwn = element.has("share");
        return new Group(
                element.text(
                        "name", GROUP_NAME, "at most 9 letters, digits and . _ -, as Linux shows short names only"),
                isOwn ? share(element) : scaled(element),
                isOwn && element.has("threads") ? element.integer("threads", 1, MOST_THREADS) : 1,
                element.has("power") ? Optional.of(PowerSettings.from(element.section("power"))) : Optional.empty());
    }

    private static double share(SectionReader element) {
        return element.number(
                "share",
                share -> share >= CpuQuota.LEAST_SHARE && share <= MOST_SHARE,
                "a part of a CPU of at least " + CpuQuota.LEAST_SHARE + ", such as 0.25");
    }

    private double scaled(SectionReader element) {
        if (!element.has("rate")) {
            element.require("share", "its part of a CPU such as 0.25, or rate, multiply-adds per second");
            return element.number("share", value -> true, "");
        }
        root.require("scale", "the part of a CPU that stands for 1e9 multiply-adds per second of a board");
        double rate = element.number("rate", value -> value > 0, "multiply-adds per second, above 0");
        double share = Math.rint(rate / GIGA * positive(root, "scale") / SHARE_STEP) * SHARE_STEP;
        if (share < CpuQuota.LEAST_SHARE) {
            element.refuse(
                    "rate",
                    String.format(
                            "expected a rate that scaled is at least %.2f of a CPU, not %.3f",
                            CpuQuota.LEAST_SHARE, share),
                    "Maybe give the core group a share of its own.");
        }
        return share;
    }

    private static double positive(SectionReader reader, String key) {
        return reader.number(key, value -> value > 0 && value <= MOST_SHARE, "a number above 0");
    }

    private static LinkShape rate(SectionReader reader, String key) {
        return reader.read(
                key,
                "expected the rate of a link",
                "Rates look like 100Mbit/s, 1Gbit/s or 11.5MB/s.",
                config -> new LinkShape((long) (Bandwidth.bytesPerSecond(config.getString(key)) * BITS_PER_BYTE)));
    }
}
