package dev.tandem.deploy.wiring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The files of {@code conf} with options for the Java virtual machine, which the launcher gives to Java as they are. */
final class JvmOptions {

    private JvmOptions() {}

    /** One option per line, without comments and empty lines. */
    static List<String> read(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(JvmOptions.class.getResourceAsStream(file), file + " beside the classes"),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " beside the classes cannot be read", e);
        }
    }
}
