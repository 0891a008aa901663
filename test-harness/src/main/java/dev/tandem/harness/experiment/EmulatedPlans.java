package dev.tandem.harness.experiment;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.harness.experiment.emulated.BedModel;
import dev.tandem.harness.experiment.emulated.Contender;
import dev.tandem.harness.experiment.emulated.Length;
import dev.tandem.harness.experiment.emulated.OpenModels;
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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Plans of several planners for several models, measured in turns on the same beds. */
abstract class EmulatedPlans extends BedExperiment {

    /** What is measured on each bed, in every round. */
    abstract List<Case> cases(Settings settings);

    /** Models where none is asked for, see {@link Workload}. */
    abstract List<String> usualModels();

    /** The plans for a model; what cannot be planned is told and left out. */
    abstract List<Contender> contenders(BedModel model, String name, Terminal terminal);

    /** What the plans could do at best. */
    abstract Turns.Ideal ideal();

    /** Of the report. */
    abstract String title();

    /** What one planner makes of a model for an aim; it may find no plan. */
    record Case(String model, String planner, Objective aim) {

        boolean is(Run run) {
            return run.which().model().equals(model)
                    && run.which().planner().equals(planner)
                    && run.which().aim() == aim;
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
                terminal.note(String.format(
                        Locale.ROOT,
                        "%s measured; shares make it take %.2f of the CPU time that it takes on a whole CPU",
                        name,
                        model.slowdownOfShares()));
                contenders.addAll(contenders(model, name, terminal));
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
        ReportFiles.write(out, name(), title(), command(settings), runs);
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

    /** A planner that has never had a plan for a model that others were measured with is not waited for. */
    @Override
    final boolean isOpen(String bed, Path out, Settings settings) throws IOException {
        List<Run> here = log(out).runs().stream()
                .filter(run -> run.which().bed().equals(bed))
                .toList();
        return cases(settings).stream().anyMatch(which -> {
            long done = here.stream()
                    .filter(run -> which.is(run) && run.which().round() <= settings.rounds())
                    .count();
            boolean isRefused = done == 0
                    && here.stream()
                            .anyMatch(run -> run.which().model().equals(which.model())
                                    && run.which().round() == settings.rounds());
            return done < settings.rounds() && !isRefused;
        });
    }

    /** Its plan, or none, which is told. */
    static Optional<Plan> plan(Planner planner, PlanRequest request, String name, Terminal terminal) {
        PlanResult result = planner.plan(request);
        if (result instanceof PlanResult.Refused refused) {
            terminal.note(name + " has no plan: " + refused.reason());
            return Optional.empty();
        }
        return Optional.of(((PlanResult.Planned) result).plan());
    }
}
