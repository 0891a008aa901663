package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.deploy.launch.Scripts.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code examples/namespaces/README.md}, in their order. */
@Tag("nightly")
class NamespacesExampleIT {

    private static final Path SWITCH = Path.of("/var/run/netns/tandem-switch");
    private static final int IMAGES = 10;

    @TempDir
    private Path home = Path.of("");

    private final Path example = Scripts.home().resolve("examples/namespaces");
    private final String cluster = example.resolve("boards.conf").toString();
    private boolean isMade;

    @BeforeEach
    void makeNetwork() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/sbin/ip")), "network namespaces need the command ip");
        assumeTrue(!Files.exists(SWITCH), "someone has made the network of the example already");
        run(example.resolve("network"), "up");
        isMade = true;
    }

    @AfterEach
    void removeNetwork() throws Exception {
        if (isMade) {
            run(Scripts.home().resolve("bin/tandem-cluster"), "down", cluster);
            run(example.resolve("network"), "down");
            assertThat(SWITCH).doesNotExist();
        }
    }

    @Test
    void servesAnApplicationInASixthNamespace() throws Exception {
        Path model = home.resolve("mini.onnx");
        run(Scripts.home().resolve("bin/tandem"), "zoo", "tandem-mini", "-o", model.toString());
        assertThat(run(Scripts.home().resolve("bin/tandem-cluster"), "up", cluster)
                        .err())
                .contains("all 5 members are up");
        Process serving = inside(
                        Scripts.home().resolve("bin/tandem").toString(),
                        "serve",
                        model.toString(),
                        "--cluster",
                        cluster)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = serving.inputReader()) {
            assertThat(reader.lines()
                            .filter(line -> line.startsWith("serving 'mini'"))
                            .findFirst())
                    .isPresent();

            Process asking =
                    ask().redirectError(ProcessBuilder.Redirect.INHERIT).start();

            assertThat(asking.inputReader().lines()).hasSize(IMAGES).allMatch(line -> line.contains("score"));
            assertThat(asking.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(asking.exitValue()).isZero();
        } finally {
            serving.destroy();
            assertThat(serving.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private ProcessBuilder ask() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String source = Scripts.home().resolve("examples/Ask.java").toString();
        ProcessBuilder builder =
                inside(java.toString(), source, "10.77.0.6", "10.77.0.1:7355", "mini", "3", "64", "64");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder;
    }

    private ProcessBuilder inside(String... command) {
        List<String> arguments = new ArrayList<>(List.of("netns", "exec", "tandem-app"));
        arguments.addAll(List.of(command));
        return Scripts.builder(environment(), Path.of("/sbin/ip"), arguments.toArray(String[]::new));
    }

    private Outcome run(Path script, String... arguments) throws IOException, InterruptedException {
        Outcome outcome = Scripts.run(environment(), script, arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private Map<String, String> environment() {
        return Map.of("HOME", home.toString());
    }
}
