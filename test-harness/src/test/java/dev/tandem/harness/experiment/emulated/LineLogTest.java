package dev.tandem.harness.experiment.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {

    record Line(String name, Optional<String> why) {
        public boolean isExplained() {
            return why.isPresent();
        }
    }

    private static final Line ONE = new Line("one", Optional.empty());
    private static final Line TWO = new Line("two", Optional.of("because"));

    @Test
    void hasWhatWasAddedInOrder(@TempDir Path folder) throws IOException {
        LineLog<Line> log = log(folder);
        assertThat(log.lines()).isEmpty();

        log.add(List.of(ONE));
        log.add(List.of(TWO, ONE));

        assertThat(log(folder).lines()).containsExactly(ONE, TWO, ONE);
    }

    @Test
    void dropsLineThatWasCutOff(@TempDir Path folder) throws IOException {
        LineLog<Line> log = log(folder);
        log.add(List.of(ONE));
        Files.writeString(folder.resolve("log.jsonl"), "{\"name\": \"tw", StandardOpenOption.APPEND);

        assertThat(log.lines()).containsExactly(ONE);
        log.add(List.of(TWO));
        assertThat(log.lines()).containsExactly(ONE, TWO);
    }

    @Test
    void refusesOtherLines(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("log.jsonl"), "{\"name\": 1, \"other\": 2}\n");

        assertThatIllegalArgumentException()
                .isThrownBy(log(folder)::lines)
                .withMessageContaining("line 1 is no measurement")
                .withMessageContaining("use another folder");
    }

    @Test
    void refusesLinesThatLackAComponent(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("log.jsonl"), "{\"name\": \"one\", \"why\": null}\n{\"name\": \"two\"}\n");

        assertThatIllegalArgumentException()
                .isThrownBy(log(folder)::lines)
                .withMessageContaining("line 2 is no measurement")
                .withMessageContaining("'why'")
                .withMessageContaining("use another folder");
    }

    private static LineLog<Line> log(Path folder) {
        return new LineLog<>(folder.resolve("log.jsonl"), Line.class);
    }
}
