package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void refusesADirectoryThatAnotherNodeHasAndNamesTheKey() {
        Path data = folder.resolve("data");

        try (DirectoryLock held = DirectoryLock.take(data)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.take(data))
                    .isInstanceOf(MemberStartException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("--data or tandem.node.data-directory");
        }
    }

    @Test
    void givesTheDirectoryBack() {
        DirectoryLock.take(folder).close();

        DirectoryLock.take(folder).close();
    }

    @Test
    void refusesADirectoryThatCannotBe() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> DirectoryLock.take(file))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("cannot be used");
    }
}
