package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HiDpBoardsTest {

    @Test
    void tandemIsBehindNoneWhereverRequestsArrive() throws Exception {
        HiDpBoards.Result result = new HiDpBoards(() -> Path.of("../deploy/conf/hidp-boards.conf"))
                .run(new Experiment.Settings(List.of("tandem-mini"), 1, 1, Optional.empty(), 1), Terminal.ofProcess());

        assertThat(result.rows()).hasSize(5).allSatisfy(row -> {
            assertThat(row.latencySeconds()).containsKeys("modnn", "hidp", "tandem");
            assertThat(row.throughputPerSecond().values())
                    .allSatisfy(rate -> assertThat(rate).isPositive());
            assertThat(row.energyJoules()).containsKeys("modnn", "hidp", "tandem");
            assertThat(row.energyJoules().values())
                    .allSatisfy(joules -> assertThat(joules).isPositive().isFinite());
        });
        assertThat(result.lost()).isEmpty();
        assertThat(result.summary()).hasSize(6).allSatisfy(summary -> assertThat(summary.tandemEnergyOfIts())
                .isPositive()
                .isLessThanOrEqualTo(1 + 1e-9));
    }
}
