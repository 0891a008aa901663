package dev.tandem.harness.experiment.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkPageTest {

    @Test
    void comparesWithTheBaselineOfTheSameRound() {
        String page = LinkPage.page(
                "tandem experiment emulated-links",
                List.of(
                        trial(100, Way.RECOMPUTE, 1, 0.2, 10),
                        trial(100, Way.EXCHANGE, 1, 0.1, 12),
                        trial(100, Way.RECOMPUTE, 2, 0.4, 5),
                        trial(100, Way.EXCHANGE, 2, 0.3, 6),
                        trial(10, Way.INT8, 1, 0.5, 2)));

        assertThat(page)
                .contains("## net\n")
                .contains("| 100 | rows over 4, halos recomputed | 3 | 2 | 200.0 | 1.00 | 5.0 | 1.00 |")
                .contains("| 100 | rows over 4, halos exchanged | 3 | 2 | 100.0 | 0.50 | 6.0 | 1.20 |")
                .contains("| 10 | pipeline over 3, int8 | 3 | 1 | 500.0 |  | 2.0 |  |");
    }

    private static LinkTrial trial(int megabits, Way way, int round, double seconds, double perSecond) {
        return new LinkTrial(new LinkTrial.Cell("net", megabits, way, round), seconds, perSecond, 3);
    }
}
