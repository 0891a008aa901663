package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FootprintTest {

    @Test
    void refusesWhereThereIsNoProgramToStart() {
        Experiment.Settings settings = new Experiment.Settings(List.of(), 1, 1, Optional.empty(), 1);

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> new Footprint().run(settings, Terminal.ofProcess()))
                .withMessageContaining("Start it by bin/tandem");
    }
}
