package dev.tandem.inference.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The real models of the test data; tests that need them are skipped where they are absent. */
public final class RealModels {

    private RealModels() {}

    /** All model files, sorted. */
    public static List<Path> all() {
        Path models = directory().resolve("models");
        assumeTrue(Files.isDirectory(models), "test data are absent: no directory " + models);
        try (Stream<Path> files = Files.walk(models)) {
            return files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model with that file name. */
    public static Path named(String fileName) {
        List<Path> found =
                all().stream().filter(file -> file.endsWith(fileName)).toList();
        assumeTrue(!found.isEmpty(), "test data are absent: no model " + fileName);
        return found.get(0);
    }

    private static Path directory() {
        String property = System.getProperty("tandem.test.data", System.getenv("TANDEM_TEST_DATA"));
        assumeTrue(property != null, "test data are absent: property tandem.test.data is not set");
        return Path.of(property);
    }
}
