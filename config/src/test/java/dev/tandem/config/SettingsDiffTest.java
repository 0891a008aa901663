package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

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

        assertThat(diff.needingRestart())
                .containsExactly(
                        new SettingsChange("tandem.node.memory", "auto", "256MiB", false),
                        new SettingsChange("tandem.network.tether-beat", "100ms", "200ms", false),
                        new SettingsChange("tandem.transport.frame-bytes", "1MiB", "512KiB", false));
        assertThat(diff.reloadable())
                .containsExactly(
                        new SettingsChange("tandem.gateway.queue-capacity", "64", "9", true),
                        new SettingsChange("tandem.planner.scheme", "auto", "rows", true),
                        new SettingsChange("tandem.log.level", "info", "debug", true));
    }

    @Test
    void reportsKeysThatFollowAChangedOne() {
        TandemSettings after = Loading.settings("tandem.node.data-directory = /data");

        assertThat(SettingsDiff.between(before, after).changes())
                .extracting(SettingsChange::path)
                .containsExactly("tandem.node.data-directory", "tandem.runtime.native-directory");
    }

    @Test
    void takesASectionNameAsAWholeWord() {
        assertThat(SettingsDiff.isReloadable("tandem.planner.max-nodes")).isTrue();
        assertThat(SettingsDiff.isReloadable("tandem.planners.x")).isFalse();
        assertThat(SettingsDiff.isReloadable("tandem.log.level")).isTrue();
        assertThat(SettingsDiff.isReloadable("tandem.log.file")).isFalse();
    }

    @Test
    void saysThatAChangeNeedsARestart() {
        assertThat(new SettingsChange("tandem.node.name", "a", "b", false))
                .hasToString("tandem.node.name: a -> b (needs a restart)");
    }
}
