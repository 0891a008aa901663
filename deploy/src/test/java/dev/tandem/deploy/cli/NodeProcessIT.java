package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member as users start it: a process in the foreground. */
class NodeProcessIT {

    private static final long UP_SECONDS = 60;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void leavesSoonAfterSigterm() throws Exception {
        Process node = start();

        long start = System.nanoTime();
        node.destroy();

        assertThat(node.waitFor(UP_SECONDS, TimeUnit.SECONDS)).isTrue();
        // Under two seconds on a machine that has nothing else to do; a loaded one gets more.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(6_000);
    }

    @Test
    void leavesWhenStandardInputEnds() throws Exception {
        Process node = start("--exit-with-parent");

        node.getOutputStream().close();

        assertThat(node.waitFor(UP_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(String... options) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dtandem.native.directory=" + System.getProperty("tandem.native.directory"),
                                Main.class.getName(),
                                "node",
                                "--data",
                                folder.toString()),
                        Stream.of(options))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        while (line != null && !line.contains(" is up at ")) {
            line = reader.readLine();
        }
        assertThat(line).as("the line that says that the node is up").isNotNull();
        return process;
    }
}
