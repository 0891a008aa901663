package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the system's network tools. Thread-safe. */
final class Tool {

    private static final long TIMEOUT_SECONDS = 20;

    private Tool() {}

    /**
     * Runs a command to its end.
     *
     * @return what it printed
     * @throws TestbedException when it cannot be started, fails or hangs
     */
    static String run(String... command) {
        String line = String.join(" ", command);
        try {
            Path output = Files.createTempFile("tandem-tool-", ".out");
            try {
                return run(line, List.of(command), output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new TestbedException("'" + line + "' cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestbedException("interrupted in '" + line + "'", e);
        }
    }

    /** Output goes to a file: a pipe that nobody reads would let a hanging tool hang its reader. */
    private static String run(String line, List<String> command, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new TestbedException("'" + line + "' has not ended in " + TIMEOUT_SECONDS + " s.");
            }
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, Charset.defaultCharset()).strip();
        if (process.exitValue() != 0) {
            throw new TestbedException("'" + line + "' ended with code " + process.exitValue() + ": " + printed);
        }
        return printed;
    }
}
