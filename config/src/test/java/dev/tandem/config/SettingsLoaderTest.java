package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {

    private final Path directory;

    SettingsLoaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void reportsAllProblemsAtOnceWithFileAndLine() {
        Path file = directory.resolve("board.conf");
        SettingsException failure = new Loading()
                .file(
                        file,
                        """
                        tandem {
                          node.name = board-1
                          transport.window = 0
                          gateway {
                            max-inflight = 3
                            request-timeout = soon
                          }
                          planer.scheme = rows
                          log.level = ${LEVEL}
                          runtime.prepack = ${PREPACK}
                        }
                        """)
                .failure();

        assertThat(failure.problems())
                .extracting(SettingsProblem::toString)
                .containsExactlyInAnyOrder(
                        file + ":3: tandem.transport.window = 0: expected a whole number from 1 to 64.",
                        file + ":5: tandem.gateway.max-inflight = 3: unknown key."
                                + " Did you mean tandem.gateway.max-in-flight?",
                        file + ":6: tandem.gateway.request-timeout = \"soon\": expected a time from 1ms to 1h."
                                + " Times look like 100ms, 30s or 2m.",
                        file + ":8: tandem.planer = {\"scheme\":\"rows\"}: unknown key. Did you mean tandem.planner?",
                        file + ":9: ${LEVEL}: expected the name of a setting or an environment variable."
                                + " Define it, or write ${?LEVEL} if it may be absent.",
                        file + ":10: ${PREPACK}: expected the name of a setting or an environment variable."
                                + " Define it, or write ${?PREPACK} if it may be absent.");
        assertThat(failure)
                .message()
                .hasLineCount(6)
                .contains(
                        failure.problems().get(0).toString(),
                        failure.problems().get(5).toString());
    }

    @Test
    void reportsFileThatDoesNotParseTogetherWithProblemsOfOtherPlaces() {
        Path file = directory.resolve("broken.conf");
        SettingsException failure = new Loading()
                .file(file, "tandem {\n  node.name = a\n")
                .variable("TANDEM_LOG_LEVEL", "loud")
                .failure();

        assertThat(failure.problems()).hasSize(2);
        assertThat(failure.problems().get(0).origin()).startsWith(file + ":");
        assertThat(failure.problems().get(0).hint()).isEqualTo("Maybe a closing } or ] is missing.");
        assertThat(failure.problems().get(1))
                .hasToString("environment variable TANDEM_LOG_LEVEL: tandem.log.level = \"loud\":"
                        + " expected one of error, warn, info, debug.");
    }

    @Test
    void refusesFileThatIsMissing() {
        Path file = directory.resolve("none.conf");

        assertThat(new Loading().file(file).problems())
                .singleElement()
                .hasToString(file + ": expected a settings file, but there is none. Check the path.");
    }

    @Test
    void refusesDirectoryInPlaceOfFile() {
        assertThat(new Loading().file(directory).problems())
                .singleElement()
                .hasToString(directory + ": expected a settings file, but this is a directory. Name the file in it.");
    }

    @Test
    void refusesTextThatMixesASectionIntoAString() {
        assertThat(Loading.problems("tandem.node.data-directory = { a = 1 }")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "tandem.queue-capacity, Did you mean tandem.gateway.queue-capacity?",
        "tandem.gateway.queueCapacity, Did you mean tandem.gateway.queue-capacity?",
        "tandem.gateway.qeue-capcity, Did you mean tandem.gateway.queue-capacity?",
        "tandem.netwrok.x, Did you mean tandem.network?",
        "tandem.log.colour, Keys here: level."
    })
    void suggestsTheKeyThatWasMeant(String path, String hint) {
        assertThat(Loading.problems(path + " = 1"))
                .extracting(SettingsProblem::hint)
                .containsExactly(hint);
    }

    @Test
    void leavesKeysOfOtherLibrariesAloneAndHandsThemThrough() {
        LoadedSettings loaded = new Loading()
                .file(
                        directory.resolve("a.conf"),
                        "pekko.loglevel = DEBUG\npekko.name = ${tandem.node.name}\n" + "tandem.node.name = board-1")
                .load();

        assertThat(loaded.config().getString("pekko.loglevel")).isEqualTo("DEBUG");
        assertThat(loaded.config().getString("pekko.name")).isEqualTo("board-1");
    }

    @Test
    void laysCommandLineOverPropertyOverVariableOverFileOverReference() {
        Loading loading = new Loading();
        assertThat(loading.settings().transport().window()).isEqualTo(4);

        loading.file(directory.resolve("a.conf"), "tandem.transport.window = 5");
        assertThat(loading.settings().transport().window()).isEqualTo(5);

        loading.variable("TANDEM_TRANSPORT_WINDOW", "6");
        assertThat(loading.settings().transport().window()).isEqualTo(6);

        loading.property("tandem.transport.window", "7");
        assertThat(loading.settings().transport().window()).isEqualTo(7);

        loading.overridden("tandem.transport.window = 8");
        assertThat(loading.settings().transport().window()).isEqualTo(8);
    }

    @Test
    void acceptsEveryTypeAsTextOfVariablesAndProperties() {
        TandemSettings settings = new Loading()
                .variable("TANDEM_NETWORK_SEEDS", "10.0.0.2:7355, 10.0.0.3:7355")
                .variable("TANDEM_NODE_MEMORY", "1073741824")
                .variable("TANDEM_RUNTIME_PIN_THREADS", "false")
                .variable("TANDEM_NODE_CORE_GROUPS", "auto")
                .property("tandem.gateway.request-timeout", "250")
                .property("tandem.transport.frame-bytes", "64KiB")
                .property("tandem.node.core-groups.0.name", "big")
                .property("tandem.node.core-groups.0.cpus.0", "3")
                .settings();

        assertThat(settings.network().seeds())
                .containsExactly(new HostPort("10.0.0.2", 7355), new HostPort("10.0.0.3", 7355));
        assertThat(settings.node().memory()).isEqualTo(new MemoryBudget.Fixed(1L << 30));
        assertThat(settings.runtime().pinThreads()).isFalse();
        assertThat(settings.gateway().requestTimeout()).hasMillis(250);
        assertThat(settings.transport().frameBytes()).isEqualTo(64 << 10);
        assertThat(settings.node().coreGroups())
                .extracting(CoreGroupSettings::name)
                .containsExactly("big");
    }

    @Test
    void refusesMisspeltPropertyButNotThoseOfOthersUnderTheRoot() {
        Loading loading = new Loading()
                .property("tandem.native.directory", "/native")
                .property("tandem.test.data", "/data")
                .property("tandem", "x")
                .property("tandem.gatway.queue-capacity", "1")
                .property("tandem.log.levle", "info");

        assertThat(loading.problems())
                .extracting(SettingsProblem::toString)
                .containsExactlyInAnyOrder(
                        "system properties: tandem.gatway = {\"queue-capacity\":\"1\"}: unknown key."
                                + " Did you mean tandem.gateway?",
                        "system properties: tandem.log.levle = \"info\": unknown key. Did you mean tandem.log.level?");
    }

    @Test
    void resolvesVariablesThatAFileNames() {
        TandemSettings settings = new Loading()
                .file(directory.resolve("a.conf"), "tandem.node.name = board-${INDEX}")
                .variable("INDEX", "4")
                .settings();

        assertThat(settings.node().name()).isEqualTo("board-4");
    }

    @Test
    void readsSystemPropertiesAnewAtEveryLoad() {
        String key = "tandem.planner.max-nodes";
        assertThat(SettingsLoader.load().settings().planner().maxNodes()).isEqualTo(8);
        try {
            System.setProperty(key, "3");
            assertThat(SettingsLoader.load(Optional.empty(), ConfigFactory.empty())
                            .settings()
                            .planner()
                            .maxNodes())
                    .isEqualTo(3);
        } finally {
            System.clearProperty(key);
        }
    }

    @Test
    void readsJsonByItsEnding() {
        TandemSettings settings = new Loading()
                .file(directory.resolve("a.json"), "{\"tandem\": {\"log\": {\"level\": \"warn\"}}}")
                .settings();

        assertThat(settings.log().level()).isEqualTo(LogLevel.WARN);
    }
}
