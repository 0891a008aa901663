package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.Soak;
import dev.tandem.harness.experiment.survival.SoakPage;
import dev.tandem.harness.experiment.survival.SoakTrial;
import dev.tandem.harness.fault.Timeline;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Five machines under load and under random faults of a seed, for as long as is asked for: nothing may be lost, and nothing leak. */
final class EmulatedSoak extends FiveAlikeExperiment {

    /** Part of what three of the nodes can do. */
    private static final double LOAD = 0.7;

    private static final double CAPACITY_SECONDS = 6;

    /** Where the page is, and how many trials it is about. */
    record Result(String report, int trials, boolean pass) {}

    @Override
    public String name() {
        return "emulated-soak";
    }

    @Override
    public String purpose() {
        return "random faults of a seed on five emulated machines under load, for --seconds";
    }

    @Override
    Map<String, String> settingsOfGateway() {
        return FiveAlike.PATIENT_GATEWAY;
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return log(out, settings).lines().stream()
                .noneMatch(trial -> trial.which().equals(which(settings)));
    }

    private static SoakTrial.Cell which(Settings settings) {
        return new SoakTrial.Cell(FiveAlike.NAME, settings.seed(), settings.seconds());
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Soak soak = new Soak(bed, seat, FiveAlike.asked(model(settings), scratch.path()));
            double capacity = soak.capacity(CAPACITY_SECONDS);
            terminal.note(String.format("three nodes do %.0f requests per second", capacity));
            Files.createDirectories(out);
            Timeline timeline = new Timeline(out.resolve(title(settings) + "-" + settings.seed() + "-faults.jsonl"));
            SoakTrial trial = soak.run(which(settings), capacity, LOAD * capacity, fault -> {
                timeline.accept(fault);
                terminal.note(fault.startedMillis() / 1000 + " s: " + fault.fault()
                        + (fault.failure().isEmpty() ? "" : ", which failed: " + fault.failure()));
            });
            log(out, settings).add(List.of(trial));
        }
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<SoakTrial> trials = log(out, settings).lines();
        String options = "--seconds " + settings.seconds() + " --seed N";
        SoakPage.write(out, title(settings), commandLine(settings, options), trials);
        return new Result(
                out.resolve(title(settings) + ".md").toString(),
                trials.size(),
                trials.stream().allMatch(SoakTrial::pass));
    }

    private LineLog<SoakTrial> log(Path out, Settings settings) {
        return new LineLog<>(logFile(out, settings), SoakTrial.class);
    }
}
