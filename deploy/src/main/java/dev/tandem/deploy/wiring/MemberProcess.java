package dev.tandem.deploy.wiring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One member as a process of this machine. It holds the writing end of the member's standard input, whose end tells the
 * member that this process is gone, however it went.
 */
final class MemberProcess {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int TAIL_LINES = 15;

    private final String name;
    private final Process process;
    private final Path addressFile;
    private final Path log;

    private MemberProcess(String name, Process process, Path addressFile, Path log) {
        this.name = name;
        this.process = process;
        this.addressFile = addressFile;
        this.log = log;
    }

    /** Starts a member whose files are all in {@code directory}. */
    static MemberProcess start(MemberProgram program, NodeTemplate template, Path directory, String settings)
            throws IOException {
        String name = template.name();
        Path settingsFile = directory.resolve(name + ".conf");
        Path addressFile = directory.resolve(name + ".address");
        Path log = directory.resolve(name + ".log");
        Files.writeString(settingsFile, settings);
        Process process = program.process(settingsFile, addressFile, template.memoryBytes())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new MemberProcess(name, process, addressFile, log);
    }

    String name() {
        return name;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the member is up and has said where.
     *
     * @return host and port
     * @throws LocalClusterException when it dies before or the deadline passes
     */
    String awaitAddress(Duration deadline) throws InterruptedException, IOException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!Files.exists(addressFile)) {
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LocalClusterException("member " + name + " ended with code " + process.exitValue()
                        + " before it was up." + logTail());
            }
            if (System.nanoTime() > end) {
                throw new LocalClusterException(
                        "member " + name + " was not up after " + deadline.toSeconds() + " s." + logTail());
            }
        }
        return Files.readString(addressFile).strip();
    }

    /** Asks the member to leave. */
    void terminate() {
        process.destroy();
    }

    /** Ends the member at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end until {@code deadlineNanos} of {@link System#nanoTime()}, then kills. */
    void awaitEnd(long deadlineNanos, Duration killWait) throws InterruptedException {
        long remaining = Math.max(0, deadlineNanos - System.nanoTime());
        if (process.waitFor(remaining, TimeUnit.NANOSECONDS)) {
            return;
        }
        process.destroyForcibly();
        if (!process.waitFor(killWait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LocalClusterException("member " + name + " (process " + process.pid() + ") cannot be killed.");
        }
    }

    /** The last lines of the member's log, indented, after a line break; empty when there are none. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            String indented = String.join(System.lineSeparator() + "  ", tail);
            return tail.isEmpty() ? "" : " Its log ends:" + System.lineSeparator() + "  " + indented;
        } catch (IOException e) {
            return " Its log cannot be read: " + e.getMessage();
        }
    }
}
