package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BedFoldersTest {

    private static final String PROPERTY = "tandem.testbed.directory";

    private final OwnedName name = OwnedName.own("1f");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @BeforeEach
    void takeFolder() {
        System.setProperty(PROPERTY, root.toString());
    }

    @AfterEach
    void giveBack() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void makesFoldersThatNobodyElseCanEnter() throws IOException {
        Path made = BedFolders.make(name);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        assertThat(BedFolders.owned()).containsExactly(name);
        assertThatThrownBy(() -> BedFolders.make(name))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("cannot be made");
    }

    @Test
    void doesNotBelieveFoldersThatOthersCanChangeNorLinks() throws IOException {
        Path open = Files.createDirectory(root.resolve(name.toString()));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path mine = Files.createDirectory(root.resolve("mine"));
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(root.resolve(OwnedName.own("2f").toString()), mine);

        assertThat(BedFolders.owned()).isEmpty();
    }
}
