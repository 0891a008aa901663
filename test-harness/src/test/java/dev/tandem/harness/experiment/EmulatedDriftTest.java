package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.harness.experiment.drift.Change;
import dev.tandem.harness.experiment.drift.DriftTrial;
import dev.tandem.harness.experiment.emulated.LineLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedDriftTest {

    private static final String BED = "five-alike";

    private final EmulatedDrift experiment = new EmulatedDrift();

    @TempDir
    private Path out = Path.of("");

    @Test
    void isOpenUntilEachChangeWasMadeInEachRound() throws IOException {
        LineLog<DriftTrial> log = new LineLog<>(experiment.logFile(out), DriftTrial.class);

        log.add(List.of(trial(Change.HALF_SPEED)));
        assertThat(experiment.isOpen(BED, out, settings(1))).isTrue();
        log.add(List.of(trial(Change.TENTH_OF_LINK)));
        assertThat(experiment.isOpen(BED, out, settings(1))).isFalse();
        assertThat(experiment.isOpen(BED, out, settings(2))).isTrue();
    }

    private static DriftTrial trial(Change change) {
        DriftTrial.Phase phase = new DriftTrial.Phase(1, 1, 1, "plan", 0.1);
        return new DriftTrial(new DriftTrial.Cell(BED, "m", change, "one", 1), 1, phase, phase, List.of());
    }

    private Experiment.Settings settings(int rounds) {
        return new Experiment.Settings(List.of("m"), rounds, 1, Optional.empty(), 1, 1, Optional.of(out));
    }
}
