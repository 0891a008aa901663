package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {

    @Test
    void takesWhatTheInstallationHas(@TempDir Path home) throws IOException {
        Files.writeString(Files.createDirectory(home.resolve("conf")).resolve("node.options"), "-Xmx77m");

        assertThat(Installation.conf("node.options", Optional.of(home))).isEqualTo("-Xmx77m");
    }

    @Test
    void fallsBackToWhatWasBuilt(@TempDir Path home) {
        assertThat(Installation.conf("node.options", Optional.of(home)))
                .isEqualTo(Installation.conf("node.options", Optional.empty()))
                .contains("-Xmx");
    }
}
