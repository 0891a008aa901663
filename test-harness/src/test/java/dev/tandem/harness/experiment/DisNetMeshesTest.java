package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.mesh.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisNetMeshesTest {

    @Test
    void tandemIsBehindNoneAndTheSeedDecides(@TempDir Path folder) throws IOException {
        DisNetMeshes experiment = new DisNetMeshes(2, List.of(2, 4));

        Outcome outcome = experiment.run(settings(folder, List.of("tandem-mini")), Terminal.ofProcess());

        assertThat(outcome.losses()).isEmpty();
        assertThat(outcome.sizes()).hasSize(3);
        assertThat(outcome.sizes().get(2).trials()).isEqualTo(4);
        assertThat(experiment.run(settings(folder, List.of("tandem-mini")), Terminal.ofProcess()))
                .isEqualTo(outcome);
        assertThat(folder.resolve("meshes.csv")).content().startsWith("nodes,mesh,tandem_s,tandem_per_s,disnet_s");
        assertThat(folder.resolve("disnet.md"))
                .content()
                .contains("tandem experiment disnet --seed 7 --model tandem-mini", "| all | 4 | modnn |");
        assertThat(folder.resolve("disnet.svg")).content().contains("<svg", "<path");
    }

    @Test
    void refusesSeveralModels(@TempDir Path folder) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() ->
                        new DisNetMeshes().run(settings(folder, List.of("vgg-13", "vgg-16")), Terminal.ofProcess()))
                .withMessageContaining("one --model at a time");
    }

    private static Experiment.Settings settings(Path folder, List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 7, Optional.of(folder));
    }
}
