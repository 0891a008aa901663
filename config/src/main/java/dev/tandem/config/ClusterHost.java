package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One member of a cluster file: where it runs, and its settings.
 *
 * @param destination of ssh, or {@link #LOCAL} for a process of this machine
 * @param launchWith words before the member's command, such as {@code [taskset, -c, 0-3]}
 * @param javaHome empty: what the host has
 * @param javaOptions for the Java virtual machine, after the defaults
 * @param settings of the member beside name, address and seeds: its own over the common ones, resolved
 */
public record ClusterHost(
        String name,
        String destination,
        HostPort address,
        List<String> launchWith,
        String javaHome,
        String javaOptions,
        Config settings) {

    /** The destination that needs no ssh. */
    public static final String LOCAL = "local";

    static final String TANDEM = SettingsLoader.ROOT;

    /** The keys of a host; an element of the list has no counterpart in cluster-reference.conf. */
    static final Config DEFAULTS =
            ConfigFactory.parseString("destination = local, name = node, address = \"127.0.0.1\","
                    + " port = 7355, launch-with = [], java-home = \"\", java-options = \"\", tandem = {}");

    private static final int DEFAULT_PORT = 7355;
    /** What is given to a shell or to ssh must not be taken for anything but a name. */
    private static final Pattern DESTINATION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9@._:%\\[\\]-]*");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9_.:%-]+");
    private static final Pattern ONE_LINE = Pattern.compile("[^\\r\\n]*");

    public ClusterHost {
        launchWith = List.copyOf(launchWith);
    }

    public boolean isLocal() {
        return destination.equals(LOCAL);
    }

    static ClusterHost from(SectionReader reader, int index, Config common) {
        reader.require("destination", "an ssh destination such as pi@10.0.0.1, or local");
        String destination =
                reader.text("destination", DESTINATION, "an ssh destination such as pi@10.0.0.1, or local");
        String host = reader.has("address")
                ? reader.text("address", ADDRESS, "the host name or address under which the others reach the member")
                : hostOf(destination);
        int port = reader.has("port") ? reader.integer("port", 1, HostPort.MAX_PORT) : DEFAULT_PORT;
        String name = reader.has("name")
                ? reader.text("name", NAME, "at most 64 letters, digits and . _ -, starting with a letter or digit")
                : "node-" + (index + 1);
        return new ClusterHost(
                name,
                destination,
                new HostPort(host, port),
                reader.words("launch-with"),
                reader.text("java-home", ONE_LINE, "a folder"),
                reader.text("java-options", ONE_LINE, "options on one line"),
                reader.object(TANDEM).toConfig().atKey(TANDEM).withFallback(common));
    }

    /** What names the host for ssh most often names it for the other members too. */
    private static String hostOf(String destination) {
        return destination.equals(LOCAL) ? "127.0.0.1" : destination.substring(destination.indexOf('@') + 1);
    }

    /**
     * All settings of the member, for its file.
     *
     * @param seeds members to join, the same for all of them
     * @param folder for parts of models
     * @param libraries folder for the native library, the same for all members of the host
     */
    public Config memberSettings(List<HostPort> seeds, String folder, String libraries) {
        Config defaults = ConfigFactory.parseMap(
                Map.of("tandem.node.data-directory", folder, "tandem.runtime.native-directory", libraries));
        return settings.withFallback(defaults)
                .withValue("tandem.node.name", ConfigValueFactory.fromAnyRef(name))
                .withValue("tandem.network.host", ConfigValueFactory.fromAnyRef(address.host()))
                .withValue("tandem.network.port", ConfigValueFactory.fromAnyRef(address.port()))
                .withValue(
                        "tandem.network.seeds",
                        ConfigValueFactory.fromIterable(
                                seeds.stream().map(HostPort::toString).toList()));
    }
}
