package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.cost.PlanScorer;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.predicted.Compute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rate of a plan whose parts never wait for each other: one over the time of its slowest core group or link, each alone.
 * What a core group takes is measured while one request at a time is on its way, what a link takes follows from the bytes
 * and from its rate as the members have measured it.
 */
public final class SlowestPart implements Turns.Ideal {

    private final Map<List<Lane>, Compute> alone = new HashMap<>();

    @Override
    public Optional<Double> of(Contender contender, PlanTrial.Outcome outcome) {
        List<Lane> lanes = contender.plan().lanes();
        if (contender.aim() == Objective.LATENCY) {
            alone.put(lanes, outcome.compute());
            return Optional.empty();
        }
        return Optional.ofNullable(alone.get(lanes))
                .map(compute -> 1 / Math.max(compute.busiestSeconds(), slowestLinkSeconds(contender)));
    }

    private static double slowestLinkSeconds(Contender contender) {
        BedModel model = contender.model();
        return new PlanScorer(model.forecast().cost(model.speeds()), model.gateway())
                .links(contender.plan().lanes()).stream()
                        .mapToDouble(load -> load.busySeconds())
                        .max()
                        .orElse(0);
    }
}
