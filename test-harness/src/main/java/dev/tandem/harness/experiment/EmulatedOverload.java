package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.Overload;
import dev.tandem.harness.experiment.survival.OverloadTrial;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Five machines are asked for three times what they can do, for as long as {@code --seconds} says: what is answered in time
 * beside the peak, what becomes of the rest, and how soon all is as before.
 */
final class EmulatedOverload extends FiveAlikeExperiment {

    @Override
    public String name() {
        return "emulated-overload";
    }

    @Override
    public String purpose() {
        return "five emulated machines asked for three times what they can do";
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return log(out, settings).lines().size() < settings.rounds();
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Overload overload = new Overload(bed, seat, FiveAlike.asked(model(settings), scratch.path()));
            for (int round = log(out, settings).lines().size() + 1; round <= settings.rounds(); round++) {
                OverloadTrial trial =
                        overload.run(new OverloadTrial.Cell(bed.spec().name(), round), settings.seconds());
                log(out, settings).add(List.of(trial));
                terminal.note(String.format(
                        "round %d: %.2f of the peak of %.0f per second, %d refused, %d late, %d others",
                        round, trial.goodput(), trial.peakPerSecond(), trial.refused(), trial.late(), trial.others()));
            }
        }
    }

    @Override
    List<OverloadTrial> report(Path out, Settings settings) throws IOException {
        return log(out, settings).lines();
    }

    private LineLog<OverloadTrial> log(Path out, Settings settings) {
        return new LineLog<>(logFile(out, settings), OverloadTrial.class);
    }
}
