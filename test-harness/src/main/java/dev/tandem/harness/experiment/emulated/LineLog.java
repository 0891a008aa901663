package dev.tandem.harness.experiment.emulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measurements in a file, a line of JSON each, which is only ever added to: a run that ends early loses nothing.
 *
 * @param <T> a measurement: a record of what JSON has, optional values included
 */
public final class LineLog<T> {

    /** Components only, and all of them: what records claim beside them could not be read back, what is missing would be zero. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Path file;
    private final Class<T> type;

    /** @param file need not be there yet */
    public LineLog(Path file, Class<T> type) {
        this.file = file;
        this.type = type;
    }

    /** Adds measurements; all of them are in the file, or none. */
    public void add(List<T> measured) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (T line : measured) {
            lines.append(JSON.writeValueAsString(line)).append('\n');
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        dropCutOff();
        Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** What a process that was killed has left of a line would make the next one unreadable. */
    private void dropCutOff() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        byte[] content = Files.readAllBytes(file);
        int whole = content.length;
        while (whole > 0 && content[whole - 1] != '\n') {
            whole--;
        }
        if (whole < content.length) {
            Files.write(file, Arrays.copyOf(content, whole));
        }
    }

    /**
     * All measurements up to now; a last line that was cut off does not count.
     *
     * @throws IllegalArgumentException when another line is none of them
     */
    public List<T> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        List<T> measured = new ArrayList<>();
        for (String line : text.substring(0, whole).lines().toList()) {
            measured.add(read(line, measured.size() + 1));
        }
        return List.copyOf(measured);
    }

    private T read(String line, int number) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ", line " + number + " is no measurement: " + e.getOriginalMessage()
                            + ". Maybe it was written by another version; use another folder.",
                    e);
        }
    }
}
