package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.cli.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("nightly")
class ReloadsIT {

    private static final int RELOADS = 10;

    @Test
    void answersEveryRequestWhileValidReloadsTakeEffectAndInvalidOnesDoNot() throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(nowhere, nowhere, false);

        Reloads.Result result = (Reloads.Result)
                new Reloads(RELOADS).run(new Experiment.Settings(List.of(), 1, 1, Optional.empty(), 1), terminal);

        assertThat(result.reloads()).isEqualTo(RELOADS);
        assertThat(result.effectSeconds()).hasSize(RELOADS / 2);
        assertThat(result.notRefused()).isZero();
        assertThat(result.changedByInvalid()).isZero();
        assertThat(result.load().failures()).isEmpty();
        assertThat(result.load().requests()).isPositive();
    }
}
