package dev.tandem.deploy.launch;

import dev.tandem.config.ClusterFile;
import dev.tandem.config.ClusterHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shell on one host: through the OpenSSH client, which asks nothing, or on this machine. Thread-safe; every call has a
 * deadline.
 */
final class HostShell {

    /** Begins the lines that are answers; others are the host's own small talk. */
    private static final String ANSWER = "tandem:";

    private static final String SCRIPT = resource("host.sh");
    private static final List<String> LOCAL_SHELL = List.of("sh", "-s");
    private static final Duration UPLOAD_DEADLINE = Duration.ofMinutes(10);

    /** Processes under way in this Java, to be ended with it. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "host-shell-shutdown"));
    }

    private final ClusterHost host;
    private final List<String> ssh;

    /** @param sshProgram the OpenSSH client */
    HostShell(ClusterHost host, ClusterFile file, String sshProgram) {
        this.host = host;
        this.ssh = ssh(host, file, sshProgram);
    }

    /** The command that connects, without what is to run on the host. */
    private static List<String> ssh(ClusterHost host, ClusterFile file, String program) {
        List<String> command = new ArrayList<>(List.of(program, "-T", "-o", "BatchMode=yes"));
        command.addAll(List.of(
                "-o", "ConnectTimeout=" + Math.max(1, file.connectTimeout().toSeconds())));
        // A host that is switched off in the middle is noticed after a quarter of a minute.
        command.addAll(List.of("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"));
        command.addAll(file.sshOptions());
        command.addAll(List.of("--", host.destination()));
        return List.copyOf(command);
    }

    /** A call of a function of {@code host.sh}: its name and arguments, each of which arrives as it is. */
    static String call(String function, List<String> arguments) {
        StringBuilder call = new StringBuilder(function);
        arguments.forEach(argument -> call.append(' ').append(quoted(argument)));
        return call.append('\n').toString();
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /**
     * Runs what is given after the functions of {@code host.sh}.
     *
     * @param onAnswer hears each answer as it comes, in the calling thread
     * @return the answers
     * @throws HostException when the host cannot be reached, says that it failed, or takes too long
     */
    List<String> run(String text, Duration deadline, Consumer<String> onAnswer) throws HostException {
        byte[] script = (SCRIPT + text).getBytes(StandardCharsets.UTF_8);
        List<String> answers = new ArrayList<>();
        execute(
                command("sh -s", LOCAL_SHELL),
                process -> {
                    try (OutputStream input = process.getOutputStream()) {
                        input.write(script);
                    }
                    process.inputReader()
                            .lines()
                            .filter(line -> line.startsWith(ANSWER))
                            .forEach(line -> {
                                answers.add(line.substring(ANSWER.length()));
                                onAnswer.accept(line.substring(ANSWER.length()));
                            });
                },
                deadline);
        return answers;
    }

    /** Runs a script whose output is of interest as it is, until it ends or this process does. */
    void follow(String text, Consumer<String> onLine) throws HostException {
        byte[] script = (SCRIPT + text).getBytes(StandardCharsets.UTF_8);
        execute(
                command("sh -s", LOCAL_SHELL),
                process -> {
                    // Open until this process ends, which is what ends the script.
                    OutputStream input = process.getOutputStream();
                    input.write(script);
                    input.flush();
                    process.inputReader().lines().forEach(onLine);
                },
                Duration.ofDays(365));
    }

    /** Copies a file to an absolute path on the host. */
    void upload(Path file, String target) throws HostException {
        String write = "cat > " + quoted(target);
        execute(
                command(write, List.of("sh", "-c", write)),
                process -> {
                    try (OutputStream input = process.getOutputStream()) {
                        Files.copy(file, input);
                    }
                    process.getInputStream().transferTo(OutputStream.nullOutputStream());
                },
                UPLOAD_DEADLINE);
    }

    private List<String> command(String remote, List<String> local) {
        if (host.isLocal()) {
            return local;
        }
        List<String> command = new ArrayList<>(ssh);
        command.add(remote);
        return command;
    }

    /** What is done with a process while it runs. */
    private interface Conversation {
        void with(Process process) throws IOException;
    }

    private void execute(List<String> command, Conversation conversation, Duration deadline) throws HostException {
        Process process = start(command);
        RUNNING.add(process);
        CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        CompletableFuture<Void> watchdog = new CompletableFuture<>();
        var unused = watchdog.completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(process::destroyForcibly);
        try {
            IOException broken = converse(process, conversation);
            int exit = process.waitFor();
            check(exit, errors.join(), broken, watchdog.isDone(), deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted", List.of(), e);
        } finally {
            process.destroyForcibly();
            watchdog.cancel(false);
            RUNNING.remove(process);
        }
    }

    /** A host that hangs up early says why in its exit code and errors, which tell more than the broken pipe. */
    private static @Nullable IOException converse(Process process, Conversation conversation) {
        try {
            conversation.with(process);
            return null;
        } catch (IOException e) {
            return e;
        } catch (UncheckedIOException e) {
            return e.getCause();
        }
    }

    private void check(int exit, String errors, @Nullable IOException broken, boolean late, Duration deadline)
            throws HostException {
        if (late) {
            throw new HostException(host.destination() + " did not answer within " + deadline.toSeconds() + " s.");
        }
        if (exit == SshProblem.EXIT && !host.isLocal()) {
            throw new HostException(SshProblem.describe(host.destination(), errors));
        }
        // 1: the script has said itself what failed.
        if (exit > 1 || (exit == 0 && broken != null)) {
            String said =
                    errors.strip().lines().reduce((first, second) -> second).orElse(String.valueOf(broken));
            throw new HostException("the shell on " + host.destination() + " ended with code " + exit + ": " + said);
        }
    }

    private Process start(List<String> command) throws HostException {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            String advice = host.isLocal() ? "" : " Maybe install the OpenSSH client.";
            throw new HostException(
                    command.get(0) + " cannot be started: " + e.getMessage() + "." + advice, List.of(), e);
        }
    }

    private static String read(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return String.join("\n", reader.lines().toList());
        } catch (IOException | UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String resource(String name) {
        try (InputStream stream = HostShell.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " beside the classes cannot be read", e);
        }
    }
}
