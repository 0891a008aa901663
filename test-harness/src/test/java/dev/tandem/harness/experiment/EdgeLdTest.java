package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EdgeLdTest {

    @Test
    void refusesModelsWithBranches() {
        Experiment.Settings settings = new Experiment.Settings(List.of("tandem-mini"), 1, 1, Optional.empty(), 1);

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> new EdgeLd().run(settings, Terminal.ofProcess()))
                .withMessageContaining("tandem-mini: layer")
                .withMessageContaining("Maybe take a model without branches, such as vgg-16.")
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE));
    }
}
