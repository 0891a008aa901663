package dev.tandem.actors.client;

import dev.tandem.actors.transport.PieceCatalog;
import dev.tandem.inference.onnx.ModelPackage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Serves the files of the model packages that this process has offered. Thread-safe. */
final class PackageCatalog implements PieceCatalog {

    private final Map<String, Location> locations = new ConcurrentHashMap<>();

    void add(ModelPackage model) {
        for (ModelPackage.Piece piece : model.pieces()) {
            locations.put(piece.sha256(), new Location(model.file(piece), 0, piece.bytes()));
        }
    }

    @Override
    public Optional<Location> locate(String sha) {
        return Optional.ofNullable(locations.get(sha));
    }
}
