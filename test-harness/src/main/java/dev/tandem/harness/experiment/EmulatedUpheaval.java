package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.Upheaval;
import dev.tandem.harness.experiment.survival.UpheavalPage;
import dev.tandem.harness.experiment.survival.UpheavalTrial;
import dev.tandem.harness.experiment.survival.Upheavals;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Five machines under load are restarted one after the other, parted, lose their supervisor again and again, and are joined. */
final class EmulatedUpheaval extends FiveAlikeExperiment {

    /** Part of what three of the nodes can do. */
    private static final double LOAD = 0.7;

    private static final double MILLIS = 1e3;

    /** Where the page is, and how many trials it is about. */
    record Result(String report, int trials, boolean pass) {}

    @Override
    public String name() {
        return "emulated-upheaval";
    }

    @Override
    public String purpose() {
        return "five emulated machines under load: rolling restart, partition, supervisor killed ten times, join";
    }

    @Override
    List<String> beds() {
        return List.of(FiveAlike.FILE_10G);
    }

    @Override
    Map<String, String> settingsOfGateway() {
        return FiveAlike.PATIENT_GATEWAY;
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return !open(out, settings).isEmpty();
    }

    private List<UpheavalTrial.Cell> open(Path out, Settings settings) throws IOException {
        List<UpheavalTrial.Cell> open = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Upheaval upheaval : Upheaval.values()) {
                open.add(new UpheavalTrial.Cell(FiveAlike.NAME_10G, upheaval, round));
            }
        }
        log(out, settings).lines().forEach(trial -> open.remove(trial.which()));
        return open;
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Upheavals upheavals = new Upheavals(bed, seat, FiveAlike.asked(model(settings), scratch.path()));
            double capacity = upheavals.capacity(settings.seconds());
            terminal.note(String.format("three nodes do %.0f requests per second", capacity));
            for (UpheavalTrial.Cell which : open(out, settings)) {
                UpheavalTrial trial = upheavals.run(which, capacity, LOAD * capacity);
                log(out, settings).add(List.of(trial));
                terminal.note(text(trial));
            }
        }
    }

    private static String text(UpheavalTrial trial) {
        return String.format(
                "%s: %d of %d not answered, %d wrong, slowest %.0f ms",
                trial.which().upheaval(),
                trial.outcome().failures().size(),
                trial.outcome().requests(),
                trial.outcome().wrong(),
                trial.outcome().slowestSeconds() * MILLIS);
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<UpheavalTrial> trials = log(out, settings).lines();
        String options = "--rounds " + settings.rounds() + " --seconds " + settings.seconds();
        UpheavalPage.write(out, title(settings), commandLine(settings, options), trials);
        return new Result(
                out.resolve(title(settings) + ".md").toString(),
                trials.size(),
                trials.stream().allMatch(UpheavalTrial::pass));
    }

    private LineLog<UpheavalTrial> log(Path out, Settings settings) {
        return new LineLog<>(logFile(out, settings), UpheavalTrial.class);
    }
}
