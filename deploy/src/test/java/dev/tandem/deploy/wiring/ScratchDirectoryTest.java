package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {

    @TempDir
    private Path parent = Path.of("");

    @Test
    void removesEverythingAtClose() throws IOException {
        ScratchDirectory scratch = ScratchDirectory.create(parent);
        Files.createDirectories(scratch.path().resolve("a/b"));
        Files.writeString(scratch.path().resolve("a/b/c"), "content");

        scratch.close();
        scratch.close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void removesWhatADeadOwnerLeftButNothingElse() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("tandem-scratch-dead"));
        Files.createFile(abandoned.resolve(".lock"));
        Files.writeString(abandoned.resolve("file"), "content");
        Path unlocked = Files.createDirectory(parent.resolve("tandem-scratch-new"));
        Path foreign = Files.createDirectory(parent.resolve("other"));

        try (ScratchDirectory living = ScratchDirectory.create(parent)) {
            ScratchDirectory.sweep(parent, Duration.ZERO);

            assertThat(abandoned).doesNotExist();
            assertThat(unlocked).exists();
            assertThat(foreign).exists();
            assertThat(living.path()).exists();
        }
    }

    @Test
    void sparesDirectoriesThatMayNotYetBeLocked() throws IOException {
        Path young = Files.createDirectory(parent.resolve("tandem-scratch-young"));
        Files.createFile(young.resolve(".lock"));

        ScratchDirectory.sweep(parent, Duration.ofMinutes(1));

        assertThat(young).exists();
    }
}
