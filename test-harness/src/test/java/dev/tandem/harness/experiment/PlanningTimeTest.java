package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanningTimeTest {

    @Test
    void timesEveryWayAndNoneBeatsTheWholePlan() throws IOException {
        PlanningTime.Outcome outcome = new PlanningTime().run(settings(List.of("tandem-mini")), Terminal.ofProcess());

        assertThat(outcome.rows()).hasSize(6).allSatisfy(row -> {
            assertThat(row.processorMillis().low()).isPositive();
            assertThat(row.overBest()).isBetween(0.8, 100.0);
        });
        assertThat(outcome.rows())
                .filteredOn(row -> row.way().equals("whole"))
                .allSatisfy(row -> assertThat(row.overBest()).isEqualTo(1));
    }

    @Test
    void refusesSeveralModels() {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> new PlanningTime().run(settings(List.of("vgg-13", "vgg-16")), Terminal.ofProcess()))
                .withMessageContaining("one --model at a time");
    }

    private static Experiment.Settings settings(List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1);
    }
}
