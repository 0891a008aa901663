package dev.tandem.harness.experiment;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.RowsPlanner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.planner.baseline.Baselines;
import dev.tandem.harness.experiment.emulated.BedModel;
import dev.tandem.harness.experiment.emulated.Contender;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.experiment.emulated.Turns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The clusters of EdgeDI (TOIT 2023) and EdgeLD, run: networks divided along their rows over one to four equal followers at
 * three rates of the network, by Tandem and, over all four, as EdgeDI and BODP do. The leader is the client.
 *
 * <p>At best a request takes as long as, stage by stage, the slowest shard computes, measured in the same requests: nothing
 * is sent, and nobody waits but for whom a stage must wait.
 */
final class EmulatedEdgeDi extends EmulatedPlans {

    private static final int FOLLOWERS = 4;
    private static final String OWN = "tandem-";
    private static final List<String> BASELINES = List.of("edgedi", "bodp");

    @Override
    public String name() {
        return "emulated-edgedi";
    }

    @Override
    public String purpose() {
        return "rows over one to four emulated followers at three network rates, beside the ceiling without communication";
    }

    @Override
    List<String> beds() {
        return List.of(
                "examples/testbed/followers-1000.conf",
                "examples/testbed/followers-100.conf",
                "examples/testbed/followers-50.conf");
    }

    @Override
    List<String> usualModels() {
        return List.of("vgg-16x2", "resnet-18x8");
    }

    @Override
    List<Case> cases(Settings settings) {
        return cases(models(settings), planners().keySet(), List.of(Objective.LATENCY));
    }

    private static Map<String, Planner> planners() {
        Map<String, Planner> planners = new LinkedHashMap<>();
        for (int followers = 1; followers <= FOLLOWERS; followers++) {
            planners.put(OWN + followers, followers == 1 ? new SinglePlanner() : rows(followers));
        }
        BASELINES.forEach(name ->
                planners.put(name, Objects.requireNonNull(Baselines.all().get(name))));
        return planners;
    }

    private static Planner rows(int followers) {
        return request -> new RowsPlanner().plan(request.with(Scheme.ROWS, followers, followers));
    }

    @Override
    Turns.Ideal ideal() {
        return EmulatedEdgeDi::withoutCommunication;
    }

    @Override
    List<Offer> offers(BedModel model, String name) {
        PlanRequest request = model.request(Objective.LATENCY);
        return planners().entrySet().stream()
                .map(planner -> new Offer(
                        new Case(name, planner.getKey(), Objective.LATENCY),
                        planner.getValue().plan(request)))
                .toList();
    }

    private static Optional<Double> withoutCommunication(Contender contender, PlanTrial.Outcome outcome) {
        return Optional.of(outcome.compute().pathSeconds());
    }

    @Override
    String title() {
        return "Rows over one to four followers, after EdgeDI";
    }
}
