package dev.tandem.harness.experiment;

import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.AskedModel;
import dev.tandem.harness.experiment.survival.Breakage;
import dev.tandem.harness.experiment.survival.Cover;
import dev.tandem.harness.experiment.survival.GatewayLoss;
import dev.tandem.harness.experiment.survival.Survival;
import dev.tandem.harness.experiment.survival.SurvivalPage;
import dev.tandem.harness.experiment.survival.SurvivalTrial;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * Each of five machines is lost under load, in each of three ways: no request may be lost, none answered wrongly, and what needed
 * the machine be answered soon without it.
 */
final class EmulatedSurvival extends FiveAlikeExperiment {

    private static final List<String> NODES = List.of("one", "two", "three", "four", "five");

    /** Part of what the other nodes can do. */
    private static final double LOAD = 0.7;

    private static final double MILLIS = 1e3;

    private static final String NOBODY = "nobody";

    /** @param without the node that is not there, or {@link #NOBODY} */
    record Setting(String bed, Scheme scheme, String without) {}

    /** What can be done in a setting. */
    record Capacity(Setting of, double perSecond) {}

    /** Where the page is, and how many trials it is about. */
    record Result(String report, int trials, boolean pass) {}

    @Override
    public String name() {
        return "emulated-survival";
    }

    @Override
    public String purpose() {
        return "each of five emulated machines lost under load: killed, stopped, cut off";
    }

    @Override
    Map<String, String> settingsOfGateway() {
        return FiveAlike.PATIENT_GATEWAY;
    }

    @Override
    boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        return !open(out, settings).isEmpty();
    }

    /** In another order in each round; what needs other settings than before comes last. */
    private List<SurvivalTrial.Cell> open(Path out, Settings settings) throws IOException {
        List<SurvivalTrial.Cell> done =
                log(out, settings).lines().stream().map(SurvivalTrial::which).toList();
        List<SurvivalTrial.Cell> open = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            List<SurvivalTrial.Cell> cells = cells(round);
            Collections.shuffle(cells, new Random(settings.seed() + round));
            open.addAll(cells);
        }
        open.removeAll(done);
        open.sort(Comparator.comparing(SurvivalTrial.Cell::cover));
        return open;
    }

    private static List<SurvivalTrial.Cell> cells(int round) {
        List<SurvivalTrial.Cell> cells = new ArrayList<>();
        for (String node : NODES) {
            for (Breakage breakage : Breakage.values()) {
                cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.LANES, breakage, node, round));
            }
            cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.PIPELINE, Breakage.KILL, node, round));
            cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.STANDBY, Breakage.KILL, node, round));
        }
        for (Breakage breakage : List.of(Breakage.KILL, Breakage.STOP)) {
            cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.LANES, breakage, GatewayLoss.GATEWAY, round));
            cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.PIPELINE, breakage, Survival.SUPERVISOR, round));
        }
        cells.add(new SurvivalTrial.Cell(FiveAlike.NAME, Cover.NONE, Breakage.KILL, NODES.get(2), round));
        return cells;
    }

    @Override
    void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        requireNodes(bed);
        try (ScratchDirectory scratch = ScratchDirectory.create()) {
            Path file = FiveAlike.write(model(settings), scratch.path());
            AskedModel asked = AskedModel.prepare(file, scratch.path());
            Survival survival = new Survival(bed, seat, asked);
            GatewayLoss gateways = new GatewayLoss(bed, asked, file);
            Trials trials = new Trials(survival, gateways, out, settings, terminal);
            for (SurvivalTrial.Cell which : open(out, settings)) {
                SurvivalTrial trial = trials.lose(which);
                log(out, settings).add(List.of(trial));
                terminal.note(text(trial));
            }
        }
    }

    /** Makes trials on a bed, each at a rate that was measured once. */
    private final class Trials {

        private final Survival survival;
        private final GatewayLoss gateways;
        private final double seconds;
        private final LineLog<Capacity> capacities;
        private final Terminal terminal;

        Trials(Survival survival, GatewayLoss gateways, Path out, Settings settings, Terminal terminal) {
            this.survival = survival;
            this.gateways = gateways;
            this.seconds = settings.seconds();
            this.capacities = new LineLog<>(out.resolve(title(settings) + "-capacity.jsonl"), Capacity.class);
            this.terminal = terminal;
        }

        SurvivalTrial lose(SurvivalTrial.Cell which) throws Exception {
            double capacity = capacity(which);
            Duration afterwards = Duration.ofMillis(Math.round(seconds * MILLIS));
            return isGateway(which)
                    ? gateways.lose(which, capacity, LOAD * capacity, afterwards)
                    : survival.lose(which, capacity, LOAD * capacity, afterwards);
        }

        private boolean isGateway(SurvivalTrial.Cell which) {
            return which.node().equals(GatewayLoss.GATEWAY);
        }

        /** A longer pipeline may do less than a shorter one: more is carried. */
        private double capacity(SurvivalTrial.Cell which) throws Exception {
            Scheme scheme = which.cover().scheme();
            String node = which.node().equals(Survival.SUPERVISOR) ? NODES.get(0) : which.node();
            double without = measured(
                    new Setting(which.bed(), scheme, node),
                    () -> isGateway(which)
                            ? gateways.capacity(seconds)
                            : survival.capacityWithout(node, scheme, seconds));
            return which.cover() == Cover.LANES
                    ? without
                    : Math.min(
                            without,
                            measured(
                                    new Setting(which.bed(), scheme, NOBODY),
                                    () -> survival.capacity(scheme, seconds)));
        }

        /** Requests per second. */
        private double measured(Setting setting, Callable<Double> measure) throws Exception {
            Optional<Capacity> known = capacities.lines().stream()
                    .filter(capacity -> capacity.of().equals(setting))
                    .findFirst();
            if (known.isPresent()) {
                return known.get().perSecond();
            }
            double perSecond = measure.call();
            capacities.add(List.of(new Capacity(setting, perSecond)));
            terminal.note(String.format(
                    "without %s (%s): %.0f requests per second", setting.without(), setting.scheme(), perSecond));
            return perSecond;
        }
    }

    private static void requireNodes(Testbed bed) {
        List<String> names = bed.nodes().stream().map(BedNode::name).toList();
        if (!names.equals(NODES)) {
            throw CommandException.usage("bed " + bed.spec().name() + " has the nodes " + names + ", expected " + NODES
                    + ". Maybe leave --bed out.");
        }
    }

    private static String text(SurvivalTrial trial) {
        return String.format(
                "round %d, %s, %s %s%s: %.0f ms until %.0f ms, %d of %d not answered, %d wrong",
                trial.which().round(),
                trial.which().cover(),
                trial.which().breakage(),
                trial.which().node(),
                trial.hadSupervisor() ? " with the supervisor" : "",
                trial.recoverySeconds() * MILLIS,
                trial.recoveredSeconds() * MILLIS,
                trial.failures().size(),
                trial.requests(),
                trial.wrong());
    }

    @Override
    Result report(Path out, Settings settings) throws IOException {
        List<SurvivalTrial> trials = log(out, settings).lines();
        String options =
                "--rounds " + settings.rounds() + " --seconds " + settings.seconds() + " --seed " + settings.seed();
        SurvivalPage.write(out, title(settings), commandLine(settings, options), trials);
        return new Result(
                out.resolve(title(settings) + ".md").toString(),
                trials.size(),
                trials.stream().allMatch(SurvivalTrial::pass));
    }

    private LineLog<SurvivalTrial> log(Path out, Settings settings) {
        return new LineLog<>(logFile(out, settings), SurvivalTrial.class);
    }
}
