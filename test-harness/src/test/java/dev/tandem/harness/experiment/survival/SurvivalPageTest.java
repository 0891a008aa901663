package dev.tandem.harness.experiment.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
                .contains(
                        "| lanes | kill | two with the supervisor | 2 | 200 | 0 | 0 | 400 | 600 | 500 | 1000 | 10 | 30 | 20 |")
                .contains("| lanes | cut | one | 1 | 100 | 2 | 0 | 2000 | 2000 | 2100 | 3000 | 10 | 30 | 20 |")
                .contains("2 of 3 trials pass; in 2 every request was answered, and rightly.")
                .contains("* 2 times: too late");
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
                0.02);
    }
}
