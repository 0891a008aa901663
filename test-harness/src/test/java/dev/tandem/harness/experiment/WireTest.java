package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireTest {

    @Test
    void refusesWithoutTheRightsToMakeNetworksAndSaysWhatIsMissing() {
        Wire wire = new Wire(() -> Optional.of("the tool 'tc'"));
        Experiment.Settings settings = new Experiment.Settings(List.of(), 1, 1, Optional.empty(), 1);

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> wire.run(settings, Terminal.ofProcess()))
                .withMessage("the tool 'tc'")
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED));
    }
}
