package dev.tandem.harness.experiment;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.BedModel;
import dev.tandem.harness.experiment.emulated.Contender;
import dev.tandem.harness.experiment.emulated.Length;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.emulated.OpenModels;
import dev.tandem.harness.experiment.emulated.Refusal;
import dev.tandem.harness.experiment.emulated.ReportFiles;
import dev.tandem.harness.experiment.emulated.Run;
import dev.tandem.harness.experiment.emulated.RunLog;
import dev.tandem.harness.experiment.emulated.Turns;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Plans of several planners for several models, measured in turns on the same beds. */
abstract class EmulatedPlans extends BedExperiment {

    /** What is measured on each bed, in every round. */
    abstract List<Case> cases(Settings settings);

    /** Models where none is asked for, see {@link Workload}. */
    abstract List<String> usualModels();

    /** The planners' plans for a model, or why they have none. */
    abstract List<Offer> offers(BedModel model, String name);

    /** What a planner makes of a model, in one of both forms. */
    record Offer(Case which, PlanResult result) {

        Optional<Contender> contender(BedModel model) {
            return result instanceof PlanResult.Planned planned
                    ? Optional.of(new Contender(model, which.model(), which.planner(), which.aim(), planned.plan()))
                    : Optional.empty();
        }

        Optional<Refusal> refusal(String bed) {
            return result instanceof PlanResult.Refused refused
                    ? Optional.of(new Refusal(bed, which.model(), which.planner(), which.aim(), refused.reason()))
                    : Optional.empty();
        }
    }

    /** What the plans could do at best. */
    abstract Turns.Ideal ideal();

    /** Of the report. */
    abstract String title();

    /** A planner for a model and an aim. */
    record Case(String model, String planner, Objective aim) {

        Run.Cell on(String bed, int round) {
            return new Run.Cell(bed, model, planner, aim, round);
        }

        boolean is(Refusal refusal) {
            return refusal.model().equals(model) && refusal.planner().equals(planner) && refusal.aim() == aim;
        }
    }

    /** All combinations. */
    static List<Case> cases(Collection<String> models, Collection<String> planners, Collection<Objective> aims) {
        List<Case> cases = new ArrayList<>();
        for (String model : models) {
            for (String planner : planners) {
                aims.forEach(aim -> cases.add(new Case(model, planner, aim)));
            }
        }
        return cases;
    }

    final List<String> models(Settings settings) {
        return settings.models().isEmpty() ? usualModels() : settings.models();
    }

    @Override
    final void measure(Testbed bed, ClusterSeat seat, Path out, Settings settings, Terminal terminal) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                OpenModels opened = new OpenModels()) {
            List<Contender> contenders = new ArrayList<>();
            for (String name : models(settings)) {
                BedModel model = opened.add(BedModel.measure(
                        bed, seat, Workload.named(name).fold(scratch.path().resolve(name))));
                terminal.note(name + " measured; shares make it take " + model.slowdown());
                List<Offer> offers = offers(model, name);
                refuse(offers, bed.spec().name(), out, terminal);
                offers.forEach(offer -> offer.contender(model).ifPresent(contenders::add));
            }
            new Turns(bed, log(out), Length.ofSeconds(settings.seconds()), settings.seed(), terminal::note)
                    .run(contenders, settings.rounds(), ideal());
        }
    }

    /** Where the report and how many measurements it is about. */
    record Result(String report, int measurements) {}

    @Override
    final Result report(Path out, Settings settings) throws IOException {
        List<Run> runs = log(out).runs();
        ReportFiles.write(
                out, name(), title(), command(settings), runs, refusals(out).lines());
        return new Result(out.resolve(name() + ".md").toString(), runs.size());
    }

    private String command(Settings settings) {
        return "tandem experiment " + name()
                + settings.models().stream().map(model -> " --model " + model).collect(Collectors.joining())
                + " --rounds " + settings.rounds() + " --seconds " + settings.seconds() + " --seed " + settings.seed()
                + " --out DIR";
    }

    private RunLog log(Path out) {
        return new RunLog(logFile(out));
    }

    /** A planner that had no plan for a model on a bed is not asked again. */
    private void refuse(List<Offer> offers, String bed, Path out, Terminal terminal) throws IOException {
        List<Refusal> known = refusals(out).lines();
        List<Refusal> refusals = offers.stream()
                .flatMap(offer -> offer.refusal(bed).stream())
                .filter(refusal -> known.stream().noneMatch(refusal::isOfSame))
                .toList();
        refusals.forEach(refusal -> terminal.note(refusal.text()));
        refusals(out).add(refusals);
    }

    private LineLog<Refusal> refusals(Path out) {
        return new LineLog<>(out.resolve(name() + "-refused.jsonl"), Refusal.class);
    }

    @Override
    final boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        Set<Run.Cell> measured = log(out).runs().stream().map(Run::which).collect(Collectors.toSet());
        List<Refusal> refused = refusals(out).lines().stream()
                .filter(refusal -> refusal.bed().equals(bed))
                .toList();
        return cases(settings).stream()
                .filter(which -> refused.stream().noneMatch(which::is))
                .anyMatch(which -> IntStream.rangeClosed(1, settings.rounds())
                        .anyMatch(round -> !measured.contains(which.on(bed, round))));
    }
}
