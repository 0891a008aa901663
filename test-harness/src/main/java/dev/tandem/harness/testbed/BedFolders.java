package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folders of test beds: settings, logs, weights and libraries of members. On disk, as what lies in memory would count against
 * nobody's limit.
 */
final class BedFolders {

    private static final String PROPERTY = "tandem.testbed.directory";
    private static final String DEFAULT = "/var/tmp";

    private BedFolders() {}

    private static Path root() {
        return Path.of(System.getProperty(PROPERTY, DEFAULT));
    }

    static Path of(OwnedName name) {
        return root().resolve(name.toString());
    }

    static Path make(OwnedName name) {
        try {
            return Files.createDirectories(of(name));
        } catch (IOException e) {
            throw new TestbedException("the folder " + of(name) + " cannot be made: " + e + ".", e);
        }
    }

    /** Names of all of them, whoever's. */
    static List<OwnedName> owned() {
        if (!Files.isDirectory(root())) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(root())) {
            return children.flatMap(child -> OwnedName.parse(child.getFileName().toString()).stream())
                    .toList();
        } catch (IOException e) {
            throw new TestbedException("the folders of test beds in " + root() + " cannot be listed: " + e, e);
        }
    }
}
