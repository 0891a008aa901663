package dev.tandem.harness.experiment;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Planner;
import dev.tandem.harness.experiment.emulated.BedModel;
import dev.tandem.harness.experiment.emulated.Planners;
import dev.tandem.harness.experiment.emulated.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The comparison of HiDP (DATE 2025), run: four networks on five unequal machines with one to three core groups each,
 * divided by what HiDP was compared with, by HiDP, evenly, not at all, and by Tandem. All plan with the same measured costs.
 * Requests have as many images as make the whole network a tenth of a second of a CPU or more.
 */
final class EmulatedHiDp extends EmulatedPlans {

    private static final List<String> BASELINES =
            List.of("single-node", "even-rows", "even-pipeline", "modnn", "disnet", "omniboost", "hidp");
    private static final List<Objective> AIMS = List.of(Objective.LATENCY, Objective.THROUGHPUT);

    @Override
    public String name() {
        return "emulated-hidp";
    }

    @Override
    public String purpose() {
        return "HiDP's comparison run on five unequal emulated machines: Tandem, HiDP and its baselines";
    }

    @Override
    List<String> beds() {
        return List.of("examples/testbed/five.conf");
    }

    @Override
    List<String> usualModels() {
        return List.of("efficientnet-b0x4", "inception-v3", "resnet-50x2", "vgg-16");
    }

    @Override
    List<Case> cases(Settings settings) {
        return cases(models(settings), planners().keySet(), AIMS);
    }

    private static Map<String, Planner> planners() {
        return Planners.tandemAnd(BASELINES);
    }

    @Override
    Turns.Ideal ideal() {
        return Turns.Ideal::unknown;
    }

    @Override
    List<Offer> offers(BedModel model, String name) {
        List<Offer> offers = new ArrayList<>();
        for (Objective aim : AIMS) {
            PlanRequest request = model.request(aim);
            planners()
                    .forEach((planner, maker) ->
                            offers.add(new Offer(new Case(name, planner, aim), maker.plan(request))));
        }
        return offers;
    }

    @Override
    String title() {
        return "Five unequal machines, after HiDP";
    }
}
