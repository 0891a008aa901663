package dev.tandem.deploy.wiring;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The boards that {@code conf/boards.conf} describes, as keys of a machine of a topology file, by name. */
public final class BoardPresets {

    private static final String FILE = "boards.conf";
    private static final Config BOARDS = ConfigFactory.parseString(
            Installation.conf(FILE, Installation.home()),
            ConfigParseOptions.defaults().setOriginDescription(FILE));

    private BoardPresets() {}

    /** The keys of a board; empty for a name that none has. */
    public static Optional<Config> named(String name) {
        return names().contains(name) ? Optional.of(BOARDS.getConfig(name)) : Optional.empty();
    }

    public static SortedSet<String> names() {
        return new TreeSet<>(BOARDS.root().keySet());
    }
}
