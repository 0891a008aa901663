package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.protocol.ReloadReport.MemberReload;
import dev.tandem.actors.protocol.ReloadReport.Replanned;
import dev.tandem.config.SettingScope;
import dev.tandem.config.SettingsChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReloadViewTest {

    private static final SettingsChange OBJECTIVE =
            new SettingsChange("tandem.planner.objective", "throughput", "latency", SettingScope.CLUSTER);
    private static final SettingsChange MEMORY =
            new SettingsChange("tandem.node.memory", "auto", "256MiB", SettingScope.RESTART);
    private static final SettingsChange LEVEL =
            new SettingsChange("tandem.log.level", "info", "debug", SettingScope.MEMBER);

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @Test
    void saysOfEveryChangeWhoTakesItOver() {
        ReloadReport report = new ReloadReport(
                List.of(
                        new MemberReload("a", "a.conf", true, List.of(OBJECTIVE, MEMORY)),
                        new MemberReload("b", "b.conf", false, List.of(OBJECTIVE, LEVEL)),
                        new MemberReload("c", "", false, List.of())),
                List.of(new Replanned("m", "gateway-x", 4)),
                List.of(),
                List.of());

        ReloadView.of(report).print(captured.terminal());

        assertThat(captured.out().lines())
                .containsExactly(
                        "a (a.conf):",
                        "  tandem.planner.objective: throughput -> latency",
                        "  tandem.node.memory: auto -> 256MiB (needs a restart of a)",
                        "b (b.conf):",
                        "  tandem.planner.objective: throughput -> latency (counts when the supervisor is there)",
                        "  tandem.log.level: info -> debug",
                        "epoch 4 of m serves through gateway-x");
    }

    @Test
    void saysThatNothingHasChanged() {
        ReloadReport report = new ReloadReport(
                List.of(new MemberReload("a", "a.conf", true, List.of())), List.of(), List.of(), List.of());

        ReloadView.of(report).print(captured.terminal());

        assertThat(captured.out().lines()).containsExactly("Nothing has changed.");
    }
}
