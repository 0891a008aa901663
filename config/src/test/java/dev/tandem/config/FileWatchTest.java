package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    private static final Duration QUIET = Duration.ofMillis(50);

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Path folder = Path.of("");
    private Path file = Path.of("");
    private AutoCloseable watch = () -> {};

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        folder = directory;
        file = Files.writeString(folder.resolve("tandem.conf"), "first");
        watch = FileWatch.start(file, QUIET, () -> seen.add(content()));
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
    }

    @Test
    void tellsOfAFileThatIsWrittenInPlace() throws Exception {
        Files.writeString(file, "second");

        assertThat(next()).isEqualTo("second");
    }

    @Test
    void tellsOfAFileThatIsReplacedByARename() throws Exception {
        Files.move(
                Files.writeString(folder.resolve(".tandem.conf.swp"), "second"),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("second");
    }

    @Test
    void tellsOfAFileThatWasMovedAwayAndWrittenAnew() throws Exception {
        Files.move(file, folder.resolve("tandem.conf~"));
        Files.writeString(file, "second");

        assertThat(next()).isEqualTo("second");
    }

    @Test
    void tellsOfALinkThatPointsElsewhere() throws Exception {
        watch.close();
        Files.writeString(folder.resolve("one"), "first");
        Files.writeString(folder.resolve("two"), "second");
        Files.delete(file);
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("one"));
        Files.createSymbolicLink(file, Path.of("current"));
        watch = FileWatch.start(file, QUIET, () -> seen.add(content()));

        Path next = Files.createSymbolicLink(folder.resolve("next"), Path.of("two"));
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("second");
    }

    @Test
    void tellsOfItBesideALogThatNeverRests() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!isOver.get()) {
                write(folder.resolve("tandem.log"));
            }
        });
        other.start();
        try {
            Files.writeString(file, "second");

            assertThat(next()).isEqualTo("second");
        } finally {
            isOver.set(true);
            other.join();
        }
    }

    private static void write(Path log) {
        try {
            Files.writeString(log, "another line");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsNothingOfOtherFilesAndOfTheSameContent() throws Exception {
        Files.writeString(folder.resolve("other"), "second");
        Files.writeString(file, "first");
        Files.writeString(file, "second");

        assertThat(next()).isEqualTo("second");
        assertThat(seen).isEmpty();
    }

    private String next() throws InterruptedException {
        String next = seen.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private String content() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
