package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.drift.Change;
import dev.tandem.harness.experiment.drift.DriftPage;
import dev.tandem.harness.experiment.drift.DriftTrial;
import dev.tandem.harness.experiment.drift.Drifting;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.AskedModel;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fastest of five machines loses half its speed, or its link nine tenths of its rate, and regains it, while the cluster
 * serves as much as it can: what it serves meanwhile, beside the plan from before and one that is ordered afterwards.
 */
final class EmulatedDrift extends BedExperiment {

    private static final String NODE = "one";
    private static final List<String> MODELS = List.of(FiveAlike.MODEL, "resnet-50");

    /** Where the page is, and how many trials it is about. */
    record Result(String report, int trials) {}

    @Override
    public String name() {
        return "emulated-drift";
    }

    @Override
    public String purpose() {
        return "an emulated machine becomes slower and faster again while the cluster is saturated";
    }

    @Override
    List<String> beds() {
        return List.of(FiveAlike.FILE);
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return !open(out, settings).isEmpty();
    }

    private List<DriftTrial.Cell> open(Path out, Settings settings) throws IOException {
        List<DriftTrial.Cell> open = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            for (String model : models(settings)) {
                for (Change change : Change.values()) {
                    open.add(new DriftTrial.Cell(FiveAlike.NAME, model, change, NODE, round));
                }
            }
        }
        log(out).lines().forEach(trial -> open.remove(trial.which()));
        return open;
    }

    private static List<String> models(Settings settings) {
        return settings.models().isEmpty() ? MODELS : settings.models();
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        if (!bed.spec().name().equals(FiveAlike.NAME)) {
            throw CommandException.usage(name() + " runs on bed " + FiveAlike.NAME + ", not "
                    + bed.spec().name() + ". Maybe leave --bed out.");
        }
        for (String model : models(settings)) {
            List<DriftTrial.Cell> open = open(out, settings).stream()
                    .filter(which -> which.model().equals(model))
                    .toList();
            if (!open.isEmpty()) {
                measure(new Trials(bed, seat, model, settings.seconds()), open, out, terminal);
            }
        }
    }

    /** What trials of a model need. */
    private record Trials(Testbed bed, ClusterSeat seat, String model, double seconds) {}

    private void measure(Trials trials, List<DriftTrial.Cell> open, Path out, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            AskedModel asked = FiveAlike.asked(trials.model(), scratch.path());
            Drifting drifting = new Drifting(trials.bed(), trials.seat(), asked, trials.seconds());
            for (DriftTrial.Cell which : open) {
                DriftTrial trial = drifting.run(which);
                log(out).add(List.of(trial));
                terminal.note(String.format(
                        Locale.ROOT,
                        "round %d, %s, %s: %.2f of the better plan, and %.2f when it is as before; %d failures",
                        which.round(),
                        which.model(),
                        which.change(),
                        trial.slow().ratio(),
                        trial.again().ratio(),
                        trial.failures().size()));
            }
        }
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<DriftTrial> trials = log(out).lines();
        String command = "tandem experiment " + name() + " --rounds " + settings.rounds() + " --seconds "
                + settings.seconds() + " --out DIR";
        DriftPage.write(out, name(), command, trials);
        return new Result(out.resolve(name() + ".md").toString(), trials.size());
    }

    private LineLog<DriftTrial> log(Path out) {
        return new LineLog<>(logFile(out), DriftTrial.class);
    }
}
