package dev.tandem.harness.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Appends what was done to a file, a line of JSON each, at once: what happens next may end the process. */
public record Timeline(Path file) implements Consumer<FaultRecord> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void accept(FaultRecord done) {
        try {
            Files.writeString(
                    file, JSON.writeValueAsString(done) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the timeline " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
