package dev.tandem.harness.experiment;

import dev.tandem.core.plan.Plan;
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
import dev.tandem.harness.experiment.emulated.RunLog;
import dev.tandem.harness.experiment.emulated.Turns;
import dev.tandem.harness.testbed.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans of several planners for several models, measured in turns on the same beds. */
abstract class EmulatedPlans extends EmulatedExperiment {

    /** Models where none is asked for, see {@link Workload}. */
    abstract List<String> usualModels();

    /** The plans for a model; what cannot be planned is told and left out. */
    abstract List<Contender> contenders(BedModel model, String name, Terminal terminal);

    /** What the plans could do at best. */
    abstract Turns.Ideal ideal();

    final List<String> models(Settings settings) {
        return settings.models().isEmpty() ? usualModels() : settings.models();
    }

    @Override
    final void measure(Testbed bed, ClusterSeat seat, RunLog log, Settings settings, Terminal terminal)
            throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create();
                OpenModels opened = new OpenModels()) {
            List<Contender> contenders = new ArrayList<>();
            for (String name : models(settings)) {
                BedModel model = opened.add(BedModel.measure(
                        bed, seat, Workload.named(name).fold(scratch.path().resolve(name))));
                terminal.note(name + " measured");
                contenders.addAll(contenders(model, name, terminal));
            }
            new Turns(bed, log, Length.ofSeconds(settings.seconds()), settings.seed(), terminal::note)
                    .run(contenders, settings.rounds(), ideal());
        }
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
