package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process that keeps a detached bed: the same program with {@code testbed up}, in a session of its own, so that nobody's
 * Ctrl-C reaches it. Closing this leaves it alone.
 */
final class Keeper implements AutoCloseable {

    /** What the command says when it is up, to whoever has a terminal. */
    static final String LAST_NOTE = "end it with Ctrl-C.";

    private final Process process;
    private final Path log;
    private int told;

    private Keeper(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Keeper start(Path spec, Path home) throws IOException {
        Path log = Files.createTempFile("tandem-testbed-", ".log");
        String program = home.resolve("bin/tandem").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        program,
                        "testbed",
                        "up",
                        spec.toAbsolutePath().toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile());
        // It runs what this process runs.
        builder.environment().put("TANDEM_NO_BUILD", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        return new Keeper(process, log);
    }

    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** What it has said since this was asked last. */
    List<String> news() throws IOException {
        List<String> lines = Files.readAllLines(log);
        List<String> news = lines.subList(told, lines.size());
        told = lines.size();
        return news.stream().filter(line -> !line.endsWith(LAST_NOTE)).toList();
    }

    /** What it says from now on, nobody reads. */
    @Override
    public void close() throws IOException {
        Files.delete(log);
    }
}
