package dev.tandem.harness.testbed;

import com.typesafe.config.Config;
import dev.tandem.config.SectionReader;
import java.util.Map;
import java.util.TreeMap;

/** Settings of members in a file of a test bed: all but those that make the bed what it is. */
final class MemberSettings {

    private static final String ROOT = "tandem";
    private static final String PLACE = "Machines have the key name, and addresses of the bed's network.";

    /** Paths that the bed sets itself, and what to do instead. */
    private static final Map<String, String> OWN = new TreeMap<>(Map.of(
            "tandem.node.core-groups",
            "Machines have the keys share, core-groups and preset.",
            "tandem.node.power",
            "Machines have the key power.",
            "tandem.runtime.pin-threads",
            "Threads run where there is room, for as long as their share lasts.",
            "tandem.runtime.native-directory",
            "Each machine has a library of its own, as its memory is counted.",
            "tandem.node.name",
            PLACE,
            "tandem.network.host",
            PLACE,
            "tandem.network.port",
            PLACE,
            "tandem.network.seeds",
            PLACE));

    private MemberSettings() {}

    /** The section {@code tandem} of a machine, or of all; what the bed sets itself is refused. */
    static Config of(SectionReader written) {
        Config settings = written.object(ROOT).toConfig().atKey(ROOT);
        OWN.forEach((path, hint) -> {
            if (settings.hasPathOrNull(path)) {
                written.refuse(path, "expected nothing here: the bed sets it itself", hint);
            }
        });
        return settings;
    }
}
