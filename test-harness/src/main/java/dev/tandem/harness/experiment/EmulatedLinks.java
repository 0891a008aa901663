package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.emulated.Length;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.emulated.RequestLoad;
import dev.tandem.harness.experiment.links.LinkPage;
import dev.tandem.harness.experiment.links.LinkTrial;
import dev.tandem.harness.experiment.links.Way;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Halos recomputed and exchanged, and every codec, on five machines whose links have 10, 100 and 1,000 Mbit/s: latency of a
 * request alone, and requests per second.
 */
final class EmulatedLinks extends BedExperiment {

    private static final List<Integer> MEGABITS = List.of(10, 100, 1000);
    private static final String BED = "links-";
    private static final List<String> MODELS = List.of("mobilenet-v2");
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** More requests than a plan has machines. */
    private static final int IN_FLIGHT = 8;

    private static final double MILLIS = 1e3;

    /** Where the page is, and how many trials it is about. */
    record Result(String report, int trials) {}

    @Override
    public String name() {
        return "emulated-links";
    }

    @Override
    public String purpose() {
        return "halos recomputed and exchanged, and codecs, on emulated links of 10, 100 and 1000 Mbit/s";
    }

    @Override
    List<String> beds() {
        return MEGABITS.stream()
                .map(megabits -> "examples/testbed/" + BED + megabits + ".conf")
                .toList();
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return !open(bed, out, settings).isEmpty();
    }

    /** In each round every way. */
    private List<LinkTrial.Cell> open(String bed, Path out, Settings settings) throws IOException {
        int megabits = megabits(bed);
        List<LinkTrial.Cell> open = new ArrayList<>();
        for (String model : models(settings)) {
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Way way : Way.values()) {
                    open.add(new LinkTrial.Cell(model, megabits, way, round));
                }
            }
        }
        log(out).lines().forEach(trial -> open.remove(trial.which()));
        return open;
    }

    /** What the links of a bed of this experiment carry. */
    static int megabits(String bed) {
        return MEGABITS.stream()
                .filter(megabits -> bed.equals(BED + megabits))
                .findFirst()
                .orElseThrow(() -> CommandException.usage("emulated-links runs on beds "
                        + MEGABITS.stream().map(megabits -> BED + megabits).toList() + ", not " + bed
                        + ". Maybe leave --bed out."));
    }

    private static List<String> models(Settings settings) {
        return settings.models().isEmpty() ? MODELS : settings.models();
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        var unused = seat.session().awaitNodes(bed.nodes().size(), DEADLINE);
        for (String name : models(settings)) {
            try (ScratchDirectory scratch = ScratchDirectory.create()) {
                OfferedModel model = OfferedModel.measure(Workload.named(name).fold(scratch.path()));
                for (LinkTrial.Cell which : open(bed.spec().name(), out, settings)) {
                    if (which.model().equals(name)) {
                        LinkTrial trial = measure(bed, seat, model, which, settings);
                        log(out).add(List.of(trial));
                        tell(terminal, trial);
                    }
                }
            }
        }
    }

    private static LinkTrial measure(
            Testbed bed, ClusterSeat seat, OfferedModel model, LinkTrial.Cell which, Settings settings)
            throws Exception {
        ServedModel served = serve(bed, seat, model, which.way().order());
        RequestLoad load = new RequestLoad(served, settings.seed());
        Length length = Length.ofSeconds(settings.seconds());
        load.latencies(Length.ofSeconds(1));
        double latency = Medians.of(load.latencies(length), seconds -> seconds);
        double rate = load.rate(IN_FLIGHT, length).perSecond();
        return new LinkTrial(
                which, latency, rate, served.plan().lanes().get(0).stages().size());
    }

    /** What is put in place is not what is measured. */
    private static ServedModel serve(Testbed bed, ClusterSeat seat, OfferedModel model, DeployOrder order)
            throws Exception {
        bed.liftShares();
        try {
            return ServedModel.deploy(seat, model, order);
        } finally {
            bed.holdToShares();
        }
    }

    private static void tell(Terminal terminal, LinkTrial trial) {
        terminal.note(String.format(
                Locale.ROOT,
                "%s, %d Mbit/s, round %d, %s: %.1f ms, %.1f per second",
                trial.which().model(),
                trial.which().megabits(),
                trial.which().round(),
                trial.which().way().name().toLowerCase(Locale.ROOT),
                trial.latencySeconds() * MILLIS,
                trial.perSecond()));
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<LinkTrial> trials = log(out).lines();
        String command = "tandem experiment " + name() + " --rounds " + settings.rounds() + " --seconds "
                + settings.seconds() + " --out DIR";
        LinkPage.write(out, name(), command, trials);
        return new Result(out.resolve(name() + ".md").toString(), trials.size());
    }

    private LineLog<LinkTrial> log(Path out) {
        return new LineLog<>(logFile(out), LinkTrial.class);
    }
}
