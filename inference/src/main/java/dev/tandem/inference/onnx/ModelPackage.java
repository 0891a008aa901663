package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.graph.GraphTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folded model as a directory: {@code graph.onnx}, a graph that names its large weights as external data;
 * {@code graph.json}, the same as a model graph; and one file per weight, named by the SHA-256 of its bytes.
 *
 * <p>A node that runs a part of the model needs only that part's weight files, so opening a package does not demand
 * them: ask {@link #missing()}. Immutable; the files belong to whoever made the directory.
 */
public final class ModelPackage {
    static final String SKELETON = "graph.onnx";
    static final String GRAPH = "graph.json";

    private final Path directory;
    private final ModelGraph graph;
    private final Map<Piece, Path> files;

    private ModelPackage(Path directory, ModelGraph graph, Map<Piece, Path> files) {
        this.directory = directory;
        this.graph = graph;
        this.files = files;
    }

    /**
     * One file of a package, the unit that travels.
     *
     * @param sha256 of its bytes, in lower-case hexadecimal
     * @param bytes its length
     */
    public record Piece(String sha256, long bytes) {}

    /**
     * Opens a package that {@link ModelFolder} made.
     *
     * @throws ModelRefusedException when the graph or its description is missing, damaged, or they do not belong together
     */
    public static ModelPackage open(Path directory) {
        Path skeleton = directory.resolve(SKELETON);
        Path description = directory.resolve(GRAPH);
        try {
            byte[] bytes = Files.readAllBytes(skeleton);
            byte[] json = Files.readAllBytes(description);
            ModelGraph graph = GraphJson.read(json);
            Piece skeletonPiece = new Piece(Sha256.of(bytes), bytes.length);
            if (!graph.digest().equals(skeletonPiece.sha256())) {
                throw damaged(
                        directory,
                        SKELETON + " has digest " + skeletonPiece.sha256() + ", expected " + graph.digest() + " as "
                                + GRAPH + " says",
                        null);
            }
            Map<Piece, Path> files = new LinkedHashMap<>();
            files.put(skeletonPiece, skeleton);
            files.put(new Piece(Sha256.of(json), json.length), description);
            weights(ModelProto.parseFrom(bytes)).forEach(piece -> files.put(piece, directory.resolve(piece.sha256())));
            return new ModelPackage(directory, graph, files);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(directory, String.valueOf(e.getMessage()), e);
        }
    }

    /** The same files, for a model that goes by another name than that of its file. */
    public ModelPackage named(String name) {
        return new ModelPackage(directory, graph.named(name), files);
    }

    /** The directory that holds the files. */
    public Path directory() {
        return directory;
    }

    /** The graph as ONNX; sessions open it by this path and find the weights beside it. */
    public Path skeleton() {
        return directory.resolve(SKELETON);
    }

    public ModelGraph graph() {
        return graph;
    }

    /** SHA-256 over the skeleton, which names the digests of all weights: equal models have equal digests. */
    public String digest() {
        return graph.digest();
    }

    /** Every file that the whole model needs: skeleton, description, then the weights in the order of the graph. */
    public List<Piece> pieces() {
        return List.copyOf(files.keySet());
    }

    /** Where a piece of this package lies, or belongs when it is missing. */
    public Path file(Piece piece) {
        Path file = files.get(piece);
        if (file == null) {
            throw new IllegalArgumentException(piece + " is no piece of the package in " + directory);
        }
        return file;
    }

    /** The pieces that are not there in their full size. */
    public List<Piece> missing() {
        List<Piece> missing = new ArrayList<>();
        for (Map.Entry<Piece, Path> file : files.entrySet()) {
            if (sizeOf(file.getValue()) != file.getKey().bytes()) {
                missing.add(file.getKey());
            }
        }
        return List.copyOf(missing);
    }

    /** The weight files that a model refers to, each once: a whole folded model or a part of one. */
    public static List<Piece> weights(ModelProto skeleton) {
        return weights(GraphTensors.of(skeleton.getGraph()));
    }

    /** The weight files of these tensors, each of which is a whole file or inside the graph. */
    public static List<Piece> weights(List<TensorProto> tensors) {
        return tensors.stream()
                .flatMap(tensor -> ExternalReference.of(tensor).stream())
                .map(reference -> new Piece(reference.location(), reference.length()))
                .distinct()
                .toList();
    }

    private static long sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static ModelRefusedException damaged(Path directory, String what, @Nullable Throwable cause) {
        return new ModelRefusedException(
                "model package " + directory + " is damaged: " + what + ". Maybe delete it, it is made anew.", cause);
    }
}
