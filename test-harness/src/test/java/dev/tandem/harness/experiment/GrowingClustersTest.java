package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.scale.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingClustersTest {

    @Test
    void noPlanIsBetterThanItsBoundAndAllAreRecorded(@TempDir Path folder) throws IOException {
        GrowingClusters experiment = new GrowingClusters(2, List.of(3, 60));

        Outcome outcome = experiment.run(settings(folder, List.of("tandem-mini")), Terminal.ofProcess());

        assertThat(outcome.plans()).hasSize(8).allSatisfy(plan -> {
            assertThat(plan.gap()).isBetween(0.0, 100.0);
            assertThat(plan.value()).isGreaterThanOrEqualTo(plan.lowerBound() * (1 - 1e-9));
            assertThat(plan.processorSeconds()).isPositive();
            assertThat(plan.usedNodes()).isBetween(1L, (long) plan.nodes());
        });
        assertThat(folder.resolve("plans.csv")).content().startsWith("nodes,cluster,objective,scheme");
        assertThat(folder.resolve("scale.md"))
                .content()
                .contains("tandem experiment scale --seed 7 --model tandem-mini", "| 60 | 2 | throughput |");
        assertThat(folder.resolve("scale.svg")).content().contains("<svg", "<path");
    }

    @Test
    void refusesSeveralModels(@TempDir Path folder) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() ->
                        new GrowingClusters().run(settings(folder, List.of("vgg-13", "vgg-16")), Terminal.ofProcess()))
                .withMessageContaining("one --model at a time");
    }

    private static Experiment.Settings settings(Path folder, List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 7, Optional.of(folder));
    }
}
