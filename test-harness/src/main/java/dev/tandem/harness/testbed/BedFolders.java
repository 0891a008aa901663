package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Folders of test beds: settings, logs, weights and libraries of members. On disk, as what lies in memory would count against
 * nobody's limit.
 */
final class BedFolders {

    private static final String PROPERTY = "tandem.testbed.directory";
    private static final String DEFAULT = "/var/tmp";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private BedFolders() {}

    private static boolean isOwn(Path child) {
        try {
            PosixFileAttributes found =
                    Files.readAttributes(child, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isDirectory()
                    && found.owner().equals(Files.getOwner(Path.of("/proc/self")))
                    && PRIVATE.containsAll(found.permissions());
        } catch (IOException gone) {
            return false;
        }
    }

    private static Path root() {
        return Path.of(System.getProperty(PROPERTY, DEFAULT));
    }

    static Path of(OwnedName name) {
        return root().resolve(name.toString());
    }

    static Path make(OwnedName name) {
        try {
            Files.createDirectories(root());
            return Files.createDirectory(of(name), PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (IOException e) {
            throw new TestbedException("the folder " + of(name) + " cannot be made: " + e + ".", e);
        }
    }

    /**
     * Names of all of this user's. Others may write where these folders are, so that only what belongs to this user, and what
     * nobody else can change, is one.
     */
    static List<OwnedName> owned() {
        if (!Files.isDirectory(root())) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(root())) {
            return children.filter(BedFolders::isOwn)
                    .flatMap(child -> OwnedName.parse(child.getFileName().toString()).stream())
                    .toList();
        } catch (IOException e) {
            throw new TestbedException("the folders of test beds in " + root() + " cannot be listed: " + e, e);
        }
    }
}
