package dev.tandem.actors.supervisor;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was decided of plans that serve, and from what: JSON, a line for each model before the first look at it and a line for
 * each look. When it has grown to {@link #MOST_BYTES}, it is put aside under its name with {@code .1} and begun anew. Not
 * thread-safe.
 */
final class DecisionFile {

    static final long MOST_BYTES = 8L << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModules(new Jdk8Module(), new JavaTimeModule())
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;
    private final Set<String> known = new HashSet<>();

    DecisionFile(Path path) {
        this.path = path;
    }

    /** Adds a look, behind its model where that is not in the file yet. */
    void add(Look.Subject subject, Look look) throws IOException {
        if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
            Files.move(path, aside(path), StandardCopyOption.REPLACE_EXISTING);
            known.clear();
        }
        StringBuilder lines = new StringBuilder();
        if (known.isEmpty() && Files.exists(path)) {
            // Its last writer may have been killed in the middle of a line.
            lines.append('\n');
        }
        if (!known.contains(subject.digest())) {
            lines.append(line(subject));
        }
        lines.append(line(look));
        Files.writeString(path, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        known.add(subject.digest());
    }

    static Path aside(Path path) {
        return path.resolveSibling(path.getFileName() + ".1");
    }

    private static String line(DecisionLine line) throws JsonProcessingException {
        return JSON.writerFor(DecisionLine.class).writeValueAsString(line) + "\n";
    }

    /**
     * Reads all lines. What the end of a writer has cut off is left out: it is the last line, or the next writer has begun with a
     * model behind it.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when a line is none of such a file, with its number
     */
    static List<DecisionLine> read(Path path) throws IOException {
        List<String> lines = Files.readAllLines(path);
        List<DecisionLine> read = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean isLastOfWriter = i + 1 == lines.size() || isModel(lines.get(i + 1));
            try {
                if (!lines.get(i).isEmpty()) {
                    read.add(JSON.readValue(lines.get(i), DecisionLine.class));
                }
            } catch (JsonProcessingException e) {
                if (read.isEmpty() || !isLastOfWriter) {
                    throw new IllegalArgumentException(
                            path + ":" + (i + 1) + ": is no line of a recording of decisions: "
                                    + e.getOriginalMessage(),
                            e);
                }
            }
        }
        return read;
    }

    private static boolean isModel(String line) {
        return line.startsWith("{\"line\":\"model\"");
    }
}
