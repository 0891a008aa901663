package dev.tandem.inference.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a package was folded from, kept beside it as {@code fold.json}; equal provenance means an equal package.
 *
 * @param format version of this file and of all that a package holds, part of the provenance: folding, shapes, geometry, lowering
 * @param name of the model, which its graph carries
 * @param source SHA-256 of the model as it came
 * @param runtime version of the ONNX Runtime that folded it
 * @param dimensions values for dynamic dimensions
 * @param mostDenseBytes most weights of one dense layer, part of the provenance
 * @param divided the dense layers that had more
 * @param files bytes of every file of the package, by name
 */
record FoldManifest(
        int format,
        String name,
        String source,
        String runtime,
        Map<String, Integer> dimensions,
        long mostDenseBytes,
        List<DividedLayer> divided,
        Map<String, Long> files) {
    static final int FORMAT = 9;
    static final String FILE_NAME = "fold.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    FoldManifest {
        dimensions = Map.copyOf(dimensions);
        divided = List.copyOf(divided);
        files = Map.copyOf(files);
    }

    /** Name of the package's directory: a digest of everything that its contents depend on. */
    String key() {
        String provenance = format + "\n" + name + "\n" + source + "\n" + runtime + "\n" + new TreeMap<>(dimensions)
                + "\n" + mostDenseBytes;
        return Sha256.of(provenance.getBytes(StandardCharsets.UTF_8));
    }

    FoldManifest with(List<DividedLayer> layers, Map<String, Long> all) {
        return new FoldManifest(format, name, source, runtime, dimensions, mostDenseBytes, layers, all);
    }

    void write(Path directory) throws IOException {
        JSON.writeValue(directory.resolve(FILE_NAME).toFile(), this);
    }

    /** The manifest in a directory; none where it is missing or damaged. */
    static Optional<FoldManifest> read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), FoldManifest.class));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Whether the directory holds every file in its full size. */
    boolean isComplete(Path directory) {
        return !files.isEmpty()
                && files.entrySet().stream()
                        .allMatch(file -> hasSize(directory.resolve(file.getKey()), file.getValue()));
    }

    private static boolean hasSize(Path file, long bytes) {
        try {
            return Files.size(file) == bytes;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
