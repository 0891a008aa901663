package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSettingsTest {

    private static final String ALL_SECTIONS =
            """
            tandem {
              node.memory = 256MiB
              network.tether-beat = 200ms
              transport.window = 5
              gateway { queue-capacity = 9, max-in-flight = 3, request-bytes = 2MiB, request-timeout = 9s, models = [a] }
              supervisor.drain-timeout = 9s
              runtime.prepack = on
              planner { objective = latency, scheme = rows, max-nodes = 3, nodes = [a], max-latency = 1s
                min-throughput = 2.5, max-energy = 800mJ }
              rebalance { enabled = off, least-gain = 0.2, horizon = 2m, cool-down = 20s }
              log.level = debug
            }
            """;

    private final List<TandemSettings> told = new ArrayList<>();
    private Path file = Path.of("");
    private LiveSettings live = live();

    @BeforeEach
    void load(@TempDir Path folder) throws IOException {
        file = Files.writeString(folder.resolve("tandem.conf"), "");
        live = live();
        live.onChange(told::add);
    }

    private LiveSettings live() {
        return new LiveSettings(SettingsLoader.load(
                file.toString().isEmpty() ? Optional.empty() : Optional.of(file), ConfigFactory.empty()));
    }

    @Test
    void takesOverJustWhatNeedsNoRestart() throws IOException {
        TandemSettings before = live.current();
        Files.writeString(file, ALL_SECTIONS);

        live.adopt(live.read());

        SettingsDiff taken = SettingsDiff.between(before, live.current());
        assertThat(taken.of(SettingScope.RESTART)).isEmpty();
        assertThat(taken.changes()).hasSize(17);
        assertThat(told).containsExactly(live.current());
        assertThat(live.read().diff().changes())
                .extracting(SettingsChange::scope)
                .containsOnly(SettingScope.RESTART);
    }

    @Test
    void changesNothingBeforeItIsAdopted() throws IOException {
        TandemSettings before = live.current();
        Files.writeString(file, ALL_SECTIONS);

        assertThat(live.read().diff().isEmpty()).isFalse();

        assertThat(live.current()).isEqualTo(before);
        assertThat(told).isEmpty();
    }

    @Test
    void refusesTheWholeFileForOneProblem() throws IOException {
        TandemSettings before = live.current();
        Files.writeString(file, "tandem {\n  log.level = loud\n  gateway.queue-capacity = -1\n  log.levle = info\n}");

        assertThatThrownBy(() -> live.read())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(file + ":2: tandem.log.level")
                .hasMessageContaining(file + ":3: tandem.gateway.queue-capacity")
                .hasMessageContaining(file + ":4: tandem.log.levle");

        assertThat(live.current()).isEqualTo(before);
    }

    @Test
    void tellsNobodyWhenNothingHasChanged() {
        live.adopt(live.read());

        assertThat(told).isEmpty();
    }

    @Test
    void tellsWhoFollowsFilesThatItWasReadAgainAlthoughNothingHasChanged() {
        List<TandemSettings> followed = new ArrayList<>();
        live.onReload(followed::add);

        live.adopt(live.read());

        assertThat(followed).containsExactly(live.current());
    }

    @Test
    void refusesWhatAFurtherCheckRefuses() {
        SettingsProblem problem = new SettingsProblem("tandem.x", "1", "expected 2", "here", "");
        live.require(read -> List.of(problem));

        assertThatThrownBy(() -> live.read())
                .isInstanceOf(SettingsException.class)
                .hasMessage(problem.toString());
    }
}
