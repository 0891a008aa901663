package dev.tandem.harness.experiment;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Scheme;
import dev.tandem.harness.experiment.emulated.BedModel;
import dev.tandem.harness.experiment.emulated.SlowestPart;
import dev.tandem.harness.experiment.emulated.Turns;
import java.util.ArrayList;
import java.util.List;

/**
 * Pipelines over two, four and six equal emulated machines, beside the ideal: one request in the time of the slowest stage
 * or link, each with nothing else to do.
 */
final class EmulatedPipelines extends EmulatedPlans {

    private static final List<Integer> STAGES = List.of(2, 4, 6);
    private static final List<Objective> AIMS = List.of(Objective.LATENCY, Objective.THROUGHPUT);

    @Override
    public String name() {
        return "emulated-pipelines";
    }

    @Override
    public String purpose() {
        return "pipelines over two, four and six emulated machines, beside their slowest stage or link alone";
    }

    @Override
    List<String> beds() {
        return List.of("examples/testbed/six.conf");
    }

    @Override
    List<String> usualModels() {
        return List.of("vgg-16", "resnet-50x4");
    }

    @Override
    List<Case> cases(Settings settings) {
        return cases(
                models(settings),
                STAGES.stream().map(EmulatedPipelines::planner).toList(),
                AIMS);
    }

    private static String planner(int stages) {
        return "pipeline-" + stages;
    }

    @Override
    Turns.Ideal ideal() {
        return new SlowestPart();
    }

    /** The same plan for both aims: one request at a time shows what a stage takes when nothing else goes on. */
    @Override
    List<Offer> offers(BedModel model, String name) {
        PlanRequest request = model.request(Objective.THROUGHPUT);
        List<Offer> offers = new ArrayList<>();
        for (int stages : STAGES) {
            PlanResult result = new PipelinePlanner().plan(request.with(Scheme.PIPELINE, stages, 1));
            AIMS.forEach(aim -> offers.add(new Offer(new Case(name, planner(stages), aim), result)));
        }
        return offers;
    }

    @Override
    String title() {
        return "Pipelines over two, four and six machines";
    }
}
