package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.OverloadTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedOverloadTest {

    private static final String BED = "five-alike";

    private final EmulatedOverload experiment = new EmulatedOverload();

    @TempDir
    private Path out = Path.of("");

    @Test
    void isOpenUntilAllRoundsWereRun() throws IOException {
        OverloadTrial trial = trial();
        assertThat(experiment.isOpen(BED, out, settings(List.of()))).isTrue();

        new LineLog<>(experiment.logFile(out, settings(List.of())), OverloadTrial.class).add(List.of(trial));

        assertThat(experiment.isOpen(BED, out, settings(List.of()))).isFalse();
        assertThat(experiment.report(out, settings(List.of()))).containsExactly(trial);
    }

    @Test
    void setsGoodAnswersBesideThePeak() {
        assertThat(trial().goodput()).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void keepsEachModelInALogOfItsOwn() throws IOException {
        new LineLog<>(experiment.logFile(out, settings(List.of())), OverloadTrial.class).add(List.of(trial()));

        assertThat(experiment.isOpen(BED, out, settings(List.of("resnet-50")))).isTrue();
    }

    @Test
    void takesOneModel() {
        assertThatThrownBy(() -> experiment.prepare(out, settings(List.of("vgg-16", "resnet-50")), terminal()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("takes one --model, not [vgg-16, resnet-50]");
    }

    private static Terminal terminal() {
        return new Terminal(System.out, System.err, false, false);
    }

    private static OverloadTrial trial() {
        return new OverloadTrial(
                new OverloadTrial.Cell(BED, 1), 100, 300, 60, 2, 90, 5, 4, 0, 1.5, 0.02, 0.03, Map.of("one", 0.5));
    }

    private Experiment.Settings settings(List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 1, Optional.of(out));
    }
}
