package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.Noise;
import dev.tandem.harness.experiment.survival.NoiseTrial;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Five machines and their links that are up to a tenth slower or faster all the time: no plan is to be moved for that. */
final class EmulatedNoise extends FiveAlikeExperiment {

    /** What came of all trials. */
    record Result(List<NoiseTrial> trials, boolean pass) {}

    @Override
    public String name() {
        return "emulated-noise";
    }

    @Override
    public String purpose() {
        return "five emulated machines whose speeds and links are never quite the same, for --seconds";
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return log(out, settings).lines().stream()
                .noneMatch(trial -> trial.which().equals(which(settings)));
    }

    private static NoiseTrial.Cell which(Settings settings) {
        return new NoiseTrial.Cell(FiveAlike.NAME, settings.seed(), settings.seconds());
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            NoiseTrial trial =
                    new Noise(bed, seat, FiveAlike.asked(model(settings), scratch.path())).run(which(settings));
            log(out, settings).add(List.of(trial));
            terminal.note(String.format(
                    Locale.ROOT,
                    "%d changes, another plan %d times, %d of %d not answered, %d wrong",
                    trial.changes(),
                    trial.moveSeconds().size(),
                    trial.outcome().failures().size(),
                    trial.outcome().requests(),
                    trial.outcome().wrong()));
        }
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<NoiseTrial> trials = log(out, settings).lines();
        return new Result(trials, trials.stream().allMatch(NoiseTrial::pass));
    }

    private LineLog<NoiseTrial> log(Path out, Settings settings) {
        return new LineLog<>(logFile(out, settings), NoiseTrial.class);
    }
}
