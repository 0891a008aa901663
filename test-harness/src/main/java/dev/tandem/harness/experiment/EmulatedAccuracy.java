package dev.tandem.harness.experiment;

import dev.tandem.core.variant.Shares;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.LabelledSet.Labelled;
import dev.tandem.harness.experiment.batch.BatchOutcome;
import dev.tandem.harness.experiment.batch.BatchPlans;
import dev.tandem.harness.experiment.batch.BatchReport;
import dev.tandem.harness.experiment.batch.BatchTrial;
import dev.tandem.harness.experiment.batch.DeclaredAccuracy;
import dev.tandem.harness.experiment.batch.Draws;
import dev.tandem.harness.experiment.batch.VariantRate;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The comparison of ASP-DAC'24 (Taufique et al., arXiv 2310.10157), run: batches of real images for variants of MobileNetV1 on
 * three unequal machines, with a required rate and a required mean accuracy. Shares follow from measured rates and from
 * accuracies on other images; what counts is how long the batch takes and how many of its images are classified correctly.
 */
final class EmulatedAccuracy extends BedExperiment {

    private static final int IMAGES = 100;

    @Override
    public String name() {
        return "emulated-accuracy";
    }

    @Override
    public String purpose() {
        return "batches of real images on three emulated boards under a rate and an accuracy, beside uniform and"
                + " proportional shares";
    }

    @Override
    List<String> beds() {
        return List.of("examples/testbed/three-boards.conf");
    }

    /** Accuracies are measured once, at the full speed of this machine. */
    @Override
    void prepare(Path out, Settings settings, Terminal terminal) throws IOException {
        if (!settings.models().isEmpty()) {
            throw CommandException.usage(
                    name() + " has its own variants of MobileNetV1 and takes no --model " + settings.models() + ".");
        }
        MobileNetFamily family = family(settings);
        List<Labelled> pictures = pictures(settings);
        Set<String> known =
                declared(out, settings).stream().map(DeclaredAccuracy::variant).collect(Collectors.toSet());
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            for (String variant : MobileNetFamily.VARIANTS) {
                if (!known.contains(variant)) {
                    DeclaredAccuracy declared = family.declare(
                            variant, Draws.declaring(pictures, settings.seed()), settings.seed(), scratch.path());
                    declaredLog(out).add(List.of(declared));
                    terminal.note(variant + " classifies " + declared.correct() + " of " + declared.images()
                            + " images correctly");
                }
            }
        }
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        for (int round = 1; round <= settings.rounds(); round++) {
            if (!open(bed, round, out).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<BatchTrial.Cell> open(String bed, int round, Path out) throws IOException {
        List<BatchTrial.Cell> open = new ArrayList<>(BatchPlans.cells(bed, round));
        log(out).lines().forEach(trial -> open.remove(trial.which()));
        return open;
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                ServedVariants served = ServedVariants.on(bed, seat, family(settings), scratch.path());
                BatchRun run = new BatchRun(served)) {
            terminal.note("all variants are served");
            for (int round = 1; round <= settings.rounds(); round++) {
                List<BatchTrial.Cell> open = open(bed.spec().name(), round, out);
                if (!open.isEmpty()) {
                    measure(run, open, out, settings);
                    terminal.note("round " + round + " of " + settings.rounds() + " is done");
                }
            }
        }
    }

    /** What is left of a round, in an order of its own; the same shares for several demands are measured once. */
    private void measure(BatchRun run, List<BatchTrial.Cell> open, Path out, Settings settings)
            throws IOException, TimeoutException, InterruptedException {
        BatchTrial.Cell first = open.get(0);
        List<VariantRate> rates = run.rates(first.bed(), first.round(), settings.seconds());
        rateLog(out).add(rates);
        List<Labelled> pictures = Draws.batch(pictures(settings), settings.seed(), first.round(), IMAGES);
        Map<String, List<TensorValue>> inputs = run.inputs(pictures);
        Map<Shares, List<BatchPlans.Planned>> alike =
                BatchPlans.of(open, declared(out, settings), rates, IMAGES).stream()
                        .collect(Collectors.groupingBy(
                                BatchPlans.Planned::shares, LinkedHashMap::new, Collectors.toList()));
        List<Shares> order = new ArrayList<>(alike.keySet());
        Collections.shuffle(order, new Random(settings.seed() + first.round()));
        for (Shares shares : order) {
            BatchRun.Done done = run.classify(shares, pictures, inputs);
            log(out).add(alike.getOrDefault(shares, List.of()).stream()
                    .map(planned -> planned.measured(done.seconds(), done.correct()))
                    .toList());
        }
    }

    @Override
    BatchOutcome report(Path out, Settings settings) throws IOException {
        List<BatchTrial> trials = log(out).lines();
        BatchOutcome outcome = BatchOutcome.of(
                "tandem experiment " + name() + " --data DIR --rounds " + settings.rounds() + " --seed "
                        + settings.seed() + " --out DIR",
                declared(out, settings),
                trials);
        BatchReport.write(out, outcome, trials, rateLog(out).lines());
        return outcome;
    }

    private MobileNetFamily family(Settings settings) {
        return MobileNetFamily.in(settings.data(), name());
    }

    private List<Labelled> pictures(Settings settings) throws IOException {
        return family(settings).pictures(settings.limit());
    }

    /** In the order of the family. */
    private List<DeclaredAccuracy> declared(Path out, Settings settings) throws IOException {
        int images = pictures(settings).size() / 2;
        return declaredLog(out).lines().stream()
                .filter(declared -> declared.seed() == settings.seed() && declared.images() == images)
                .toList();
    }

    private LineLog<BatchTrial> log(Path out) {
        return new LineLog<>(logFile(out), BatchTrial.class);
    }

    private LineLog<VariantRate> rateLog(Path out) {
        return new LineLog<>(out.resolve(name() + "-rates.jsonl"), VariantRate.class);
    }

    private LineLog<DeclaredAccuracy> declaredLog(Path out) {
        return new LineLog<>(out.resolve(name() + "-declared.jsonl"), DeclaredAccuracy.class);
    }
}
