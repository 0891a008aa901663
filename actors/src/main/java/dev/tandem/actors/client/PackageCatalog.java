package dev.tandem.actors.client;

import dev.tandem.actors.transport.PieceCatalog;
import dev.tandem.inference.onnx.ModelPackage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Serves the files of the model packages that this process offers. Thread-safe. */
final class PackageCatalog implements PieceCatalog {

    private final Map<String, Offered> offered = new HashMap<>();

    /** A file, and in how many of the packages it is. */
    private record Offered(Location location, int packages) {}

    synchronized void add(ModelPackage model) {
        for (ModelPackage.Piece piece : model.pieces()) {
            Location location = new Location(model.file(piece), 0, piece.bytes());
            offered.merge(
                    piece.sha256(),
                    new Offered(location, 1),
                    (before, one) -> new Offered(location, before.packages() + 1));
        }
    }

    /** Takes back what was added once; pieces that other packages have, too, go on being served. */
    synchronized void remove(ModelPackage model) {
        for (ModelPackage.Piece piece : model.pieces()) {
            offered.computeIfPresent(
                    piece.sha256(),
                    (sha, file) -> file.packages() == 1 ? null : new Offered(file.location(), file.packages() - 1));
        }
    }

    @Override
    public synchronized Optional<Location> locate(String sha) {
        return Optional.ofNullable(offered.get(sha)).map(Offered::location);
    }
}
