package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    void keepsItsLockWhenItsProcessSweeps() throws IOException {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.isReadable(locks), "the system does not list its locks");
        try (ScratchDirectory first = ScratchDirectory.create(parent)) {
            Object lock = Files.getAttribute(first.path().resolve(".lock"), "unix:ino");

            ScratchDirectory.sweep(parent, Duration.ZERO);

            assertThat(Files.readString(locks)).contains(":" + lock + " ");
        }
    }

    @Test
    void removesTheLockLast() throws IOException {
        ScratchDirectory scratch = ScratchDirectory.create(parent);
        Path stuck = Files.createDirectory(scratch.path().resolve("stuck"));
        Files.createFile(stuck.resolve("file"));
        assumeTrue(stuck.toFile().setWritable(false) && !Files.isWritable(stuck), "root may remove anything");

        assertThatThrownBy(scratch::close).isInstanceOf(IOException.class);
        assertThat(scratch.path().resolve(".lock")).exists();
        ScratchDirectory.sweep(parent, Duration.ZERO);
        assertThat(scratch.path()).exists();

        assertThat(stuck.toFile().setWritable(true)).isTrue();
    }

    @Test
    void sparesDirectoriesThatMayNotYetBeLocked() throws IOException {
        Path young = Files.createDirectory(parent.resolve("tandem-scratch-young"));
        Files.createFile(young.resolve(".lock"));

        ScratchDirectory.sweep(parent, Duration.ofMinutes(1));

        assertThat(young).exists();
    }
}
