package dev.tandem.inference.rewrite;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.onnx.ModelPackage.Piece;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A segment, or a shard's part of one, as an ONNX model.
 *
 * @param proto the graph; small, since it names its larger weights instead of holding them
 * @param weights the weight files that it refers to; each must lie in the directory of the model's file, named by its
 *     SHA-256
 * @param inputs graph inputs, in the shape of the shard's regions
 * @param outputs graph outputs, in the shape of the shard's regions
 */
public record SegmentModel(ModelProto proto, List<Piece> weights, List<TensorSpec> inputs, List<TensorSpec> outputs) {

    public SegmentModel {
        weights = List.copyOf(weights);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Writes the model beside its weight files. A reader sees the whole file or none.
     *
     * @return the file
     */
    public Path writeTo(Path directory, String fileName) throws IOException {
        Path file = directory.resolve(fileName);
        Path unfinished = Files.createTempFile(directory, "." + fileName, ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                proto.writeTo(out);
            }
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
