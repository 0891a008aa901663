package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.inference.graph.GraphTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * An ONNX model as it came, read and checked. Large weights stay in their files: each such tensor names its place as
 * external data, also where it lies inside the model file itself.
 *
 * @param path the model file; external data lies relative to its directory
 * @param model the graph, with tensors of less than 1 KiB inline
 */
public record OnnxFile(Path path, ModelProto model) {

    /**
     * Reads a model.
     *
     * @throws ModelRefusedException when the file is not ONNX, is truncated, or is a model that the runtime cannot load
     */
    public static OnnxFile read(Path path) {
        OnnxFile file = new OnnxFile(path.toAbsolutePath(), SlimReader.read(path));
        ModelChecks.check(file);
        return file;
    }

    /** The directory that external data is relative to. */
    public Path directory() {
        Path parent = path.getParent();
        return parent == null ? Path.of("") : parent;
    }

    /**
     * The directory that the runtime reads external data from. It follows links and refuses data that then lie outside of
     * it, so this is where the files really are: beside the model as it is named, or, in caches that hold links, beside
     * the file that it links to.
     *
     * @throws ModelRefusedException when no such directory holds all of them
     */
    Path home() {
        Path beside = real(directory());
        return locations().stream().allMatch(location -> real(directory().resolve(location))
                        .startsWith(beside))
                ? beside
                : homeBehindLinks();
    }

    private Path homeBehindLinks() {
        Path behind = Objects.requireNonNull(real(path).getParent());
        for (String location : locations()) {
            Path file = real(directory().resolve(location));
            if (!file.startsWith(behind)) {
                throw new ModelRefusedException("model " + path + " needs external data file '" + location
                        + "', a link to " + file + ", which lies outside the model's directory " + behind
                        + ". Maybe copy model and data into one directory without links.");
            }
        }
        return behind;
    }

    /** Makes the references of initialisers relative to {@link #home()}. */
    void relocate(GraphProto.Builder graph) {
        Path home = home();
        GraphTensors.replace(graph, tensor -> ExternalReference.of(tensor)
                .map(reference -> relocated(reference, home).applyTo(tensor))
                .orElse(tensor));
    }

    private ExternalReference relocated(ExternalReference reference, Path home) {
        String location = home.relativize(real(reference.file(directory()))).toString();
        return new ExternalReference(location, reference.offset(), reference.length());
    }

    /**
     * What is kept of a model is found again by its digest, so it must be made of just those bytes.
     *
     * @param digest of the model before anything was made of it
     * @throws ModelRefusedException when the files have changed since
     */
    void requireUnchanged(String digest) {
        if (!read(path).equals(this) || !digest().equals(digest)) {
            throw new ModelRefusedException("model " + path + " changed while it was folded, expected the digest "
                    + digest + ". Maybe wait until it is written and fold it again.");
        }
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Name for people: the file name without its ending. */
    public String name() {
        String fileName = String.valueOf(path.getFileName());
        return fileName.endsWith(".onnx") ? fileName.substring(0, fileName.length() - 5) : fileName;
    }

    /** SHA-256 over the model file and every file of external data, in hexadecimal. */
    public String digest() {
        Set<Path> files = new TreeSet<>();
        locations().forEach(location -> files.add(directory().resolve(location)));
        files.remove(path);
        List<Path> all = new ArrayList<>(List.of(path));
        all.addAll(files);
        return Sha256.ofFiles(all);
    }

    private Set<String> locations() {
        Set<String> locations = new TreeSet<>();
        for (TensorProto tensor : GraphTensors.of(model.getGraph())) {
            ExternalReference.of(tensor).ifPresent(reference -> locations.add(reference.location()));
        }
        return locations;
    }
}
