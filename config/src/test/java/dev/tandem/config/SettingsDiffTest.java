package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

class SettingsDiffTest {

    private final TandemSettings before = Loading.settings("");

    @Test
    void findsNothingBetweenEqualSettings() {
        assertThat(SettingsDiff.between(before, Loading.settings("")).isEmpty()).isTrue();
    }

    @Test
    void comparesValuesNotTheirSpelling() {
        TandemSettings after =
                Loading.settings("tandem { transport.frame-bytes = \"1048576\", gateway.request-timeout = 0.5m }");

        assertThat(SettingsDiff.between(before, after).changes()).isEmpty();
    }

    @Test
    void listsEveryChangedKeyWithOldAndNewValueAndWhetherItReloads() {
        TandemSettings after = Loading.settings(
                """
                tandem {
                  node.memory = 256MiB
                  network.tether-beat = 200ms
                  transport.frame-bytes = 512KiB
                  gateway.queue-capacity = 9
                  planner.scheme = rows
                  log.level = debug
                }
                """);

        SettingsDiff diff = SettingsDiff.between(before, after);

        assertThat(diff.of(SettingScope.RESTART))
                .extracting(SettingsChange::path, SettingsChange::before, SettingsChange::after)
                .containsExactly(
                        tuple("tandem.node.memory", "auto", "256MiB"),
                        tuple("tandem.network.tether-beat", "100ms", "200ms"),
                        tuple("tandem.transport.frame-bytes", "1MiB", "512KiB"));
        assertThat(diff.of(SettingScope.MEMBER))
                .containsExactly(
                        new SettingsChange("tandem.gateway.queue-capacity", "64", "9", SettingScope.MEMBER),
                        new SettingsChange("tandem.log.level", "info", "debug", SettingScope.MEMBER));
        assertThat(diff.of(SettingScope.CLUSTER))
                .containsExactly(new SettingsChange("tandem.planner.scheme", "auto", "rows", SettingScope.CLUSTER));
    }

    @Test
    void reportsKeysThatFollowAChangedOne() {
        TandemSettings after = Loading.settings("tandem.node.data-directory = /data");

        assertThat(SettingsDiff.between(before, after).changes())
                .extracting(SettingsChange::path)
                .containsExactly("tandem.node.data-directory", "tandem.runtime.native-directory");
    }

    @Test
    void saysThatAChangeNeedsARestart() {
        assertThat(new SettingsChange("tandem.node.name", "a", "b", SettingScope.RESTART))
                .hasToString("tandem.node.name: a -> b (needs a restart)");
    }
}
