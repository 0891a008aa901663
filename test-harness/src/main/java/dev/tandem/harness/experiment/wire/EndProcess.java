package dev.tandem.harness.experiment.wire;

import dev.tandem.harness.testbed.LinkedNamespaces.End;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A {@link WireEnd} in its namespace, as who started it sees it. Threading: one thread at a time. */
final class EndProcess implements AutoCloseable {

    /** As `tandem` starts its members: see deploy/bin/tandem. */
    private static final List<String> JAVA_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-XX:MaxDirectMemorySize=1g");

    /** Further options, to try what another setting changes: as the launcher has it. */
    private static final String OPTIONS_VARIABLE = "TANDEM_JAVA_OPTS";

    private static final Duration ANSWER = Duration.ofMinutes(3);
    private static final int TAIL_LINES = 10;
    private static final String ENDED = "ended";

    private final String name;
    private final Process process;
    private final BufferedWriter orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Path log;

    private EndProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readAnswers, "answers-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one and waits until it is a member.
     *
     * @param arguments of {@link WireEnd#main}
     * @param folder for its log
     */
    static EndProcess start(String name, End end, List<String> arguments, Path folder)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions());
        command.add(WireEnd.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(end.inside(command)).redirectError(log.toFile());
        builder.environment().keySet().removeIf(key -> key.matches("TANDEM_(NODE|NETWORK)_.*|JAVA_TOOL_OPTIONS"));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        EndProcess started = new EndProcess(name, builder.start(), log);
        try {
            started.answer();
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** What the processes run with. */
    static List<String> javaOptions() {
        List<String> options = new ArrayList<>(JAVA_OPTIONS);
        String further = System.getenv().getOrDefault(OPTIONS_VARIABLE, "").strip();
        if (!further.isEmpty()) {
            options.addAll(List.of(further.split("\\s+")));
        }
        return options;
    }

    /** Gives an order and waits for the answer. */
    String order(Object... words) throws IOException, InterruptedException {
        String line = List.of(words).stream().map(Object::toString).collect(Collectors.joining(" "));
        orders.write(line);
        orders.newLine();
        orders.flush();
        return answer();
    }

    /** Seconds of processor time that the process has taken so far, its own code's and the kernel's for it. */
    double cpuSeconds() throws IOException {
        return ProcessTimes.cpuSeconds(process.pid());
    }

    private String answer() throws IOException, InterruptedException {
        String answer = answers.poll(ANSWER.toSeconds(), TimeUnit.SECONDS);
        if (answer != null && answer.startsWith("ok ")) {
            return answer.substring("ok ".length());
        }
        throw new IOException("process " + name + ": "
                + (answer == null ? "no answer in " + ANSWER.toSeconds() + " s" : answer) + ". " + logTail());
    }

    private void readAnswers() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = reader.readLine()) != null; ) {
                answers.add(line);
            }
            answers.add(ENDED);
        } catch (IOException e) {
            answers.add(ENDED + ": " + e.getMessage());
        }
    }

    private String logTail() throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return tail.isEmpty()
                ? ""
                : "Its log ends:" + System.lineSeparator() + String.join(System.lineSeparator(), tail);
    }

    /** Ends the process and returns when it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
