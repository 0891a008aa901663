package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.LoadOutcome;
import dev.tandem.harness.experiment.survival.NoiseTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedNoiseTest {

    private static final String BED = "five-alike";

    private final EmulatedNoise experiment = new EmulatedNoise();

    @TempDir
    private Path out = Path.of("");

    @Test
    void isOpenForEachSeedAndLength() throws IOException {
        assertThat(experiment.isOpen(BED, out, settings(600, 1))).isTrue();

        new LineLog<>(experiment.logFile(out, settings(600, 1)), NoiseTrial.class).add(List.of(trial(List.of(), 0)));

        assertThat(experiment.isOpen(BED, out, settings(600, 1))).isFalse();
        assertThat(experiment.isOpen(BED, out, settings(60, 1))).isTrue();
        assertThat(experiment.isOpen(BED, out, settings(600, 2))).isTrue();
        assertThat(experiment.report(out, settings(600, 1)))
                .isEqualTo(new EmulatedNoise.Result(List.of(trial(List.of(), 0)), true));
    }

    @Test
    void passesWithoutAMoveAndWithoutAWrongAnswerOnly() {
        assertThat(trial(List.of(), 0).pass()).isTrue();
        assertThat(trial(List.of(12.5), 0).pass()).isFalse();
        assertThat(trial(List.of(), 1).pass()).isFalse();
    }

    private static NoiseTrial trial(List<Double> moves, int wrong) {
        return new NoiseTrial(
                new NoiseTrial.Cell(BED, 1, 600),
                500,
                350,
                3000,
                moves,
                new LoadOutcome(210_000, List.of(), List.of(), wrong, 0.01, 0.02, 0.1));
    }

    private Experiment.Settings settings(double seconds, long seed) {
        return new Experiment.Settings(List.of(), 1, seconds, Optional.empty(), 1, seed, Optional.of(out));
    }
}
