package dev.tandem.inference.runtime;

import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own that opens a model and runs it, and exits in order or not. */
final class ChildProcess implements AutoCloseable {
    /** Printed by {@link #main} when the model has run. */
    static final String DONE = "sum is 3.0";

    private static final int ENDLESS_THREADS = 4;
    private static final long POLL_MILLIS = 20;
    private static final long HOOK_MILLIS = 300;

    private final Process process;
    private final Path output;

    private ChildProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a child whose temporary and native directories are given, so that what it leaves behind can be seen.
     *
     * @param arguments JVM arguments before the class name
     */
    static ChildProcess start(Path model, Path temporary, Path nativeDirectory, List<String> arguments, String mode)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-D" + NativeLibrary.DIRECTORY_PROPERTY + "=" + nativeDirectory);
        command.addAll(arguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ChildProcess.class.getName(), model.toString(), mode));
        Path output = Files.createTempFile(model.getParent(), "child", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
        return new ChildProcess(builder.start(), output);
    }

    /** Exit value, or -1 after a minute. */
    int exitValue() throws InterruptedException {
        return process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : -1;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Has the child compute until it has begun, and asks it to end, as SIGTERM does. */
    void terminateWhenComputing() throws IOException, InterruptedException {
        while (process.isAlive() && !output().contains(DONE)) {
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        process.destroy();
    }

    /**
     * Runs the model whose path is the first argument; the second is {@code exit}, {@code halt}, which is to end as
     * killed, or {@code endless}, which is to compute on daemon threads until killed.
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[1].equals("endless")) {
            computeEndlessly(Path.of(arguments[0]));
        }
        try (ModelSession session = ModelSession.open(Path.of(arguments[0]), SessionSettings.defaults());
                TensorBuffer a = Tensors.floats(List.of(1), 1);
                TensorBuffer b = Tensors.floats(List.of(1), 2);
                TensorBuffer sum = Tensors.floats(List.of(1))) {
            session.run(Map.of("a", a, "b", b), Map.of("sum", sum));
            System.out.println("sum is " + Tensors.values(sum)[0]);
            if (arguments[1].equals("halt")) {
                Runtime.getRuntime().halt(137);
            }
        }
    }

    private static void computeEndlessly(Path model) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::takeTimeToEnd));
        CountDownLatch computing = new CountDownLatch(ENDLESS_THREADS);
        for (int thread = 0; thread < ENDLESS_THREADS; thread++) {
            Thread worker = new Thread(() -> compute(model, computing));
            worker.setDaemon(true);
            worker.start();
        }
        computing.await();
        System.out.println(DONE);
        Thread.sleep(Long.MAX_VALUE);
    }

    /** As leaving a cluster does, during which the threads compute on. */
    private static void takeTimeToEnd() {
        try {
            boolean interrupted = new CountDownLatch(1).await(HOOK_MILLIS, TimeUnit.MILLISECONDS);
            assert !interrupted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void compute(Path model, CountDownLatch computing) {
        try {
            while (true) {
                openAndRun(model);
                computing.countDown();
            }
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void openAndRun(Path model) {
        try (ModelSession session = ModelSession.open(model, SessionSettings.defaults())) {
            Map<String, TensorBuffer> inputs =
                    session.inputs().stream().collect(Collectors.toMap(TensorSpec::name, TensorBuffer::allocate));
            session.run(inputs).values().forEach(TensorBuffer::close);
            inputs.values().forEach(TensorBuffer::close);
        }
    }
}
