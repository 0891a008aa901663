package dev.tandem.actors.transport;

import java.nio.file.Path;
import java.util.Optional;

/** Where the bytes of weight pieces lie on this node. Called from several threads. */
public interface PieceCatalog {

    Optional<Location> locate(String sha);

    /** Bytes {@code [offset, offset + bytes)} of a file; a piece may lie in the middle of a model's own file. */
    record Location(Path file, long offset, long bytes) {}
}
