package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tandem.inference.graph.GraphTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** Name for people: the file name without its ending. */
    public String name() {
        String fileName = String.valueOf(path.getFileName());
        return fileName.endsWith(".onnx") ? fileName.substring(0, fileName.length() - 5) : fileName;
    }

    /** SHA-256 over the model file and every file of external data, in hexadecimal. */
    public String digest() {
        Set<Path> files = new TreeSet<>();
        for (ExternalReference reference : references()) {
            files.add(reference.file(directory()));
        }
        files.remove(path);
        List<Path> all = new ArrayList<>(List.of(path));
        all.addAll(files);
        return Sha256.ofFiles(all);
    }

    private List<ExternalReference> references() {
        List<ExternalReference> references = new ArrayList<>();
        for (TensorProto tensor : GraphTensors.of(model.getGraph())) {
            ExternalReference.of(tensor).ifPresent(references::add);
        }
        return references;
    }
}
