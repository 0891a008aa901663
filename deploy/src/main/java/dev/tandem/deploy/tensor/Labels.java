package dev.tandem.deploy.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Names of classes.
 *
 * @param names one per line of the file
 * @param offset index of the output that the first name belongs to: 1 for a model whose class 0 is the background
 */
public record Labels(List<String> names, int offset) {

    /** No names: a class is shown as its index. */
    public static final Labels NONE = new Labels(List.of(), 0);

    public Labels {
        names = List.copyOf(names);
    }

    /**
     * Reads a text file with one name per line.
     *
     * @throws TensorFileException if the file cannot be read as UTF-8 text
     */
    public static Labels read(Path file, int offset) {
        try {
            return new Labels(Files.readAllLines(file, StandardCharsets.UTF_8), offset);
        } catch (IOException e) {
            throw new TensorFileException(file, "cannot be read as a list of labels: " + e, e);
        }
    }

    /** The name of a class, or its index in words where there is none. */
    public String of(int index) {
        int line = index - offset;
        boolean known = line >= 0 && line < names.size() && !names.get(line).isBlank();
        return known ? names.get(line).strip() : "class " + index;
    }
}
