package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.hidp.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiDpBoardsTest {

    @Test
    void tandemIsBehindNoneWhereverRequestsArrive(@TempDir Path folder) throws Exception {
        Outcome outcome = new HiDpBoards(() -> Path.of("../deploy/conf/hidp-boards.conf"))
                .run(
                        new Experiment.Settings(
                                List.of("tandem-mini"), 1, 1, Optional.empty(), 1, 1, Optional.of(folder)),
                        Terminal.ofProcess());

        assertThat(outcome.command()).isEqualTo("tandem experiment hidp --model tandem-mini");
        assertThat(outcome.rows()).hasSize(5).allSatisfy(row -> {
            assertThat(row.latencySeconds()).containsKeys("modnn", "hidp", "tandem");
            assertThat(row.throughputPerSecond().values())
                    .allSatisfy(rate -> assertThat(rate).isPositive());
            assertThat(row.energyJoules()).containsKeys("modnn", "hidp", "tandem");
            assertThat(row.energyJoules().values())
                    .allSatisfy(joules -> assertThat(joules).isPositive().isFinite());
        });
        assertThat(outcome.losses()).isEmpty();
        assertThat(outcome.beside()).hasSize(5).allSatisfy(beside -> {
            assertThat(beside.latency()).isPositive().isLessThanOrEqualTo(1 + 1e-9);
            assertThat(beside.throughput()).isPositive().isLessThanOrEqualTo(1 + 1e-9);
            assertThat(beside.energy()).isPositive().isLessThanOrEqualTo(1 + 1e-9);
        });
        assertThat(outcome.ofMeans()).hasSize(2);
        assertThat(Files.readString(folder.resolve("hidp.md")))
                .contains("    " + outcome.command(), "| tandem-mini | latency |", "None.");
        assertThat(Files.readAllLines(folder.resolve("rows.csv"))).hasSize(1 + 5 * 3);
        assertThat(Files.readString(folder.resolve("hidp.svg"))).contains("<svg");
    }
}
