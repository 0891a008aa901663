package dev.tandem.harness.experiment.emulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Measurements in a file, a line of JSON each, which is only ever added to: a run that ends early loses nothing. */
public final class RunLog {

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final Path file;

    /** @param file need not be there yet */
    public RunLog(Path file) {
        this.file = file;
    }

    /** Adds measurements; all of them are in the file, or none. */
    public void add(List<Run> runs) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Run run : runs) {
            lines.append(JSON.writeValueAsString(run)).append('\n');
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /**
     * All measurements up to now; a last line that was cut off does not count.
     *
     * @throws IllegalArgumentException when another line is none of them
     */
    public List<Run> runs() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        List<Run> runs = new ArrayList<>();
        for (String line : text.substring(0, whole).lines().toList()) {
            runs.add(read(line, runs.size() + 1));
        }
        return List.copyOf(runs);
    }

    private Run read(String line, int number) {
        try {
            return JSON.readValue(line, Run.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ", line " + number + " is no measurement: " + e.getOriginalMessage()
                            + ". Maybe it was written by another version; use another folder.",
                    e);
        }
    }
}
