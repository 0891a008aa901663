package dev.tandem.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the scripts of {@code bin} as a user does. The build has made what they start. */
final class Scripts {

    private static final long SECONDS = 120;

    private Scripts() {}

    /** What a command said, and how it ended. */
    record Outcome(int code, String out, String err) {}

    /** The folder of this module, which {@code bin} is in. */
    static Path home() {
        return Path.of("").toAbsolutePath();
    }

    static Outcome run(Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = builder(environment, script, arguments);
        Path out = Files.createTempFile("script", ".out");
        try {
            // To a file: what a script leaves running may hold a pipe open.
            Process process = builder.redirectOutput(out.toFile()).start();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(
                    () -> String.join("\n", process.errorReader().lines().toList()));
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(script + " did not end in " + SECONDS + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(out), err.join());
        } finally {
            Files.delete(out);
        }
    }

    /** The process, with the Java of this one unless the environment names another, and without a build. */
    static ProcessBuilder builder(Map<String, String> environment, Path script, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                .toList());
        builder.environment().keySet().removeAll(List.of("TANDEM_JAVA_OPTS", "JAVA_TOOL_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TANDEM_NO_BUILD", "1");
        builder.environment().put("TANDEM_CLASS_ARCHIVE", "off");
        builder.environment().putAll(environment);
        return builder;
    }
}
