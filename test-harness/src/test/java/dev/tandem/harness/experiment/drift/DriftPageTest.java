package dev.tandem.harness.experiment.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DriftPageTest {

    @Test
    void setsWhatAdaptsBesideTheBetterOfBothOthers() {
        DriftTrial trial = new DriftTrial(
                new DriftTrial.Cell("bed", "m", Change.HALF_SPEED, "one", 2),
                100,
                new DriftTrial.Phase(76, 60, 80, "plan", 0.2),
                new DriftTrial.Phase(99, 100, 90, "plan", 0.1),
                List.of("too late", "too late"));

        String page = DriftPage.page("tandem experiment emulated-drift", List.of(trial));

        assertThat(page)
                .contains("| m | one | half speed | 2 | 100.0 | 76.0 | 60.0 | 80.0 | 0.95 | 200 |")
                .contains("| m | one | as before | 2 | 100.0 | 99.0 | 100.0 | 90.0 | 0.99 | 100 |")
                .contains("2 requests failed:\n\n* too late\n");
    }
}
