package dev.tandem.harness.experiment.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class UpheavalPageTest {

    @Test
    void showsWhatHappenedAndWhatWasLost() {
        String page = UpheavalPage.page(
                "tandem experiment emulated-upheaval",
                List.of(
                        trial(Upheaval.ROLLING_RESTART, List.of(), 0),
                        trial(Upheaval.PARTITION, List.of("too late", "too late"), 1),
                        trial(Upheaval.JOIN, List.of(), 0)));

        assertThat(page)
                .contains("| every node is restarted, one after the other | 1 | 60 | 600 | 0 | 0 | 10 | 20 | 300 |  |")
                .contains("| a node leaves, and joins again | 1 | 60 | 600 | 0 | 0 | 10 | 20 | 300 | 3.1 |")
                .contains("| two nodes cut off from the others for 30 s, and started again | 1 | 60 | 600 | 2 | 1 |")
                .contains("* 2 times: too late");
    }

    @Test
    void passesWithoutLossAndWithoutError() {
        assertThat(trial(Upheaval.PARTITION, List.of(), 0).pass()).isTrue();
        assertThat(trial(Upheaval.PARTITION, List.of("too late"), 0).pass()).isFalse();
        assertThat(trial(Upheaval.PARTITION, List.of(), 1).pass()).isFalse();
    }

    private static UpheavalTrial trial(Upheaval upheaval, List<String> failures, int wrong) {
        return new UpheavalTrial(
                new UpheavalTrial.Cell("bed", upheaval, 1),
                100,
                70,
                60,
                new LoadOutcome(600, failures, List.of(), wrong, 0.01, 0.02, 0.3),
                upheaval == Upheaval.JOIN ? OptionalDouble.of(3.14) : OptionalDouble.empty());
    }
}
