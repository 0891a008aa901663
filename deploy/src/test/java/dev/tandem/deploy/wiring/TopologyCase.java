package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Topology files as text, read from a folder of the test's own. */
abstract class TopologyCase {

    static final String A = "{ name = a, memory = 1GiB, core-groups = [ { rate = 2e9 } ] }";

    static final String B = "{ name = b, memory = 512MiB, core-groups = [ { rate = 1e9 } ] }";

    static final String NODES = "nodes = [ " + A + ", " + B + " ]\n";
    Path folder = Path.of("");

    @BeforeEach
    void takeFolder(@TempDir Path directory) {
        folder = directory;
    }

    TopologyFile read(String hocon) {
        try {
            return TopologyFile.read(Files.writeString(folder.resolve("topology.conf"), hocon));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<SettingsProblem> problems(String hocon) {
        return catchThrowableOfType(SettingsException.class, () -> read(hocon)).problems();
    }
}
