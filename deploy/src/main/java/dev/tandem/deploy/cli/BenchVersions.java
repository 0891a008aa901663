package dev.tandem.deploy.cli;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** On what a figure was measured. */
record BenchVersions(String tandem, String onnxRuntime, String java, String os, String cpu, int cpus) {

    private static final Path CPUS = Path.of("/proc/cpuinfo");

    static BenchVersions here() {
        return new BenchVersions(
                BuildVersion.text(),
                OnnxRuntime.version(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                processor(),
                Runtime.getRuntime().availableProcessors());
    }

    /** As Linux names it; elsewhere, and on boards whose kernel does not say, the architecture. */
    private static String processor() {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(CPUS)) {
            return architecture;
        }
        try (var lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException e) {
            throw new UncheckedIOException(CPUS + " cannot be read", e);
        }
    }
}
