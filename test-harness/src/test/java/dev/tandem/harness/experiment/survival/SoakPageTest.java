package dev.tandem.harness.experiment.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoakPageTest {

    private static final Holdings BEFORE = new Holdings("client", 50, 80, 40, 20_000, 300_000);

    @Test
    void showsFaultsAndWhatIsHeld() {
        String page = SoakPage.page(
                "tandem experiment emulated-soak",
                List.of(trial(List.of("too late"), 0, new Holdings("client", 51, 81, 42, 21_000, 310_000))));

        assertThat(page)
                .contains("| 7 | 60 | 5 | 600 | 1 | 0 | 10 | 20 | 300 |")
                .contains("Seed 7: failed 4, join 2, kill 3.")
                .contains("| client | 50, 51 | 80, 81 | 40, 42 | 20000, 21000 | 300000, 310000 |")
                .contains("* 1 times: too late");
    }

    @Test
    void passesWithoutLossErrorAndLeak() {
        assertThat(trial(List.of(), 0, BEFORE).pass()).isTrue();
        assertThat(trial(List.of("too late"), 0, BEFORE).pass()).isFalse();
        assertThat(trial(List.of(), 1, BEFORE).pass()).isFalse();
        assertThat(trial(List.of(), 0, new Holdings("client", 80, 80, 40, 20_000, 300_000))
                        .pass())
                .isFalse();
        assertThat(trial(List.of(), 0, new Holdings("client", 50, 120, 40, 20_000, 300_000))
                        .pass())
                .isFalse();
        assertThat(trial(List.of(), 0, new Holdings("client", 50, 80, 90, 20_000, 300_000))
                        .pass())
                .isFalse();
        assertThat(trial(List.of(), 0, new Holdings("client", 50, 80, 40, 40_000, 300_000))
                        .pass())
                .isFalse();
    }

    private static SoakTrial trial(List<String> failures, int wrong, Holdings after) {
        return new SoakTrial(
                new SoakTrial.Cell("bed", 7, 60),
                100,
                70,
                60,
                new LoadOutcome(
                        600, failures, failures.stream().map(failure -> 7.5).toList(), wrong, 0.01, 0.02, 0.3),
                Map.of("kill", 3, "join", 2, "failed", 4),
                List.of(BEFORE),
                List.of(after));
    }
}
