package dev.tandem.inference.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that opens a model and runs it, and exits in order or not. */
final class ChildProcess implements AutoCloseable {
    /** Printed by {@link #main} when the model has run. */
    static final String DONE = "sum is 3.0";

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

    /** Runs the model whose path is the first argument; the second is {@code exit} or {@code halt}, which is to end as killed. */
    public static void main(String[] arguments) throws IOException {
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
}
