package dev.tandem.harness.experiment.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurvivalPageTest {

    @Test
    void showsEachNodeAndWayWithWhatWasLost() {
        String page = SurvivalPage.page(
                "tandem experiment emulated-survival",
                List.of(
                        trial(Cover.LANES, Breakage.KILL, "two", true, 0.4, List.of()),
                        trial(Cover.LANES, Breakage.KILL, "two", true, 0.6, List.of()),
                        trial(Cover.LANES, Breakage.CUT, "one", false, 2, List.of("too late", "too late"))));

        assertThat(page)
                .contains("| lanes | kill | any node | 2 | 200 | 0 | 0 | 400 | 400 | 600 | 600 | 1000 | 2 |")
                .contains("| lanes | cut | any node | 1 | 100 | 2 | 0 | 2000 | 2000 | 2000 | 2000 | 3000 | 1 |")
                .contains(
                        "| lanes | kill | two with the supervisor | 2 | 200 | 0 | 0 | 400 | 600 | 500 | 1000 | 10 | 30 | 20 |")
                .contains("| lanes | cut | one | 1 | 100 | 2 | 0 | 2000 | 2000 | 2100 | 3000 | 10 | 30 | 20 |")
                .contains("2 of 3 trials pass; in 2 every request was answered, and rightly.")
                .contains("* 2 times: too late");
    }

    @Test
    void tellsWhatIsLostOnPurposeFromAnyNode() {
        List<SurvivalTrial> trials = List.of(
                trial(Cover.PIPELINE, Breakage.KILL, Survival.SUPERVISOR, true, 0.4, List.of()),
                trial(Cover.LANES, Breakage.STOP, GatewayLoss.GATEWAY, false, 0.6, List.of()),
                trial(Cover.LANES, Breakage.KILL, "two", true, 0.6, List.of()),
                trial(Cover.LANES, Breakage.KILL, "one", true, 1.1, List.of()));

        assertThat(SurvivalGroup.of(trials))
                .extracting(SurvivalGroup::name)
                .containsExactly("lanes, kill, any node", "lanes, stop, gateway", "pipeline, kill, the supervisor's");
        assertThat(SurvivalGroup.of(trials).get(0).inTime()).isEqualTo(1);
    }

    @Test
    void leavesOutWhatNobodyAskedForAnyMore() {
        SurvivalTrial trial = trial(Cover.LANES, Breakage.LEAVE, "two", true, 0.05, Double.NaN, List.of());

        assertThat(SurvivalPage.page("tandem", List.of(trial)))
                .contains("| 10 | 30 |  |")
                .doesNotContain("NaN");
    }

    @Test
    void drawsEachTrialBesideTheAim(@TempDir Path folder) throws IOException {
        SurvivalPage.write(
                folder,
                "survival",
                "tandem",
                List.of(
                        trial(Cover.LANES, Breakage.KILL, "two", true, 0.4, List.of()),
                        trial(Cover.NONE, Breakage.KILL, "two", true, 9, List.of("too late"))));

        String drawing = Files.readString(folder.resolve("survival.svg"));
        assertThat(drawing.split("<circle", -1))
                .as("a dot, and one in the legend")
                .hasSize(1 + 2);
    }

    @Test
    void aTrialPassesInTimeOnly() {
        assertThat(trial(Cover.LANES, Breakage.KILL, "one", false, 1, List.of()).pass())
                .isTrue();
        assertThat(trial(Cover.LANES, Breakage.KILL, "one", false, 1.01, List.of())
                        .pass())
                .isFalse();
        assertThat(trial(Cover.STANDBY, Breakage.KILL, "one", false, 0.3, List.of())
                        .pass())
                .isTrue();
        assertThat(trial(Cover.STANDBY, Breakage.KILL, "one", false, 0.31, List.of())
                        .pass())
                .isFalse();
        assertThat(trial(Cover.LANES, Breakage.STOP, "one", false, 1.01, List.of())
                        .pass())
                .isTrue();
        assertThat(trial(Cover.LANES, Breakage.LEAVE, "one", false, 0.0599, List.of())
                        .pass())
                .isTrue();
        assertThat(trial(Cover.LANES, Breakage.LEAVE, "one", false, 0.0601, List.of())
                        .pass())
                .isFalse();
    }

    private static SurvivalTrial trial(
            Cover cover,
            Breakage breakage,
            String node,
            boolean hadSupervisor,
            double recovery,
            List<String> failures) {
        return trial(cover, breakage, node, hadSupervisor, recovery, 0.02, failures);
    }

    private static SurvivalTrial trial(
            Cover cover,
            Breakage breakage,
            String node,
            boolean hadSupervisor,
            double recovery,
            double p99After,
            List<String> failures) {
        return new SurvivalTrial(
                new SurvivalTrial.Cell("bed", cover, breakage, node, 1),
                hadSupervisor,
                true,
                "plan",
                300,
                210,
                100,
                failures,
                0,
                0.01,
                0.03,
                recovery,
                recovery + 0.1,
                p99After);
    }
}
