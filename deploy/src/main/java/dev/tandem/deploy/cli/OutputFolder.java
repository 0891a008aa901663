package dev.tandem.deploy.cli;

import dev.tandem.deploy.tensor.NpyFile;
import dev.tandem.deploy.tensor.TensorValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where output tensors are written.
 *
 * @param folder absent: nowhere
 * @param perSample whether every sample gets a folder of its own, named by its place in the order and its file
 */
record OutputFolder(@Nullable Path folder, boolean perSample) {

    /** Writes a tensor; the file's name, or nothing where nothing is written. */
    @Nullable String write(String sample, int index, TensorValue output) {
        if (folder == null) {
            return null;
        }
        try {
            Path own = perSample ? folder.resolve(index + "-" + safe(stem(sample))) : folder;
            Files.createDirectories(own);
            Path file = own.resolve(safe(output.spec().name()) + ".npy");
            NpyFile.write(file, output);
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("output cannot be written to " + folder + ": " + e, e);
        }
    }

    private static String stem(String sample) {
        String name = String.valueOf(Path.of(sample).getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Names of tensors may hold anything; slashes and colons mean something in paths. */
    private static String safe(String name) {
        return name.isEmpty() ? "_" : name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
