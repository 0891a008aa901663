package dev.tandem.deploy.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Model files as arguments. */
final class ModelFiles {

    private ModelFiles() {}

    static Path require(Path file) {
        if (!Files.exists(file)) {
            throw CommandException.usage("model " + file + ": no such file.");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw CommandException.usage("model " + file + " must be a file that can be read.");
        }
        return file;
    }
}
