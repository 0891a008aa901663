package dev.tandem.harness.experiment.drift;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.experiment.survival.AskedModel;
import dev.tandem.harness.fault.Fault;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Changes a machine of a test bed under load, and back. Used by one thread. */
public final class Drifting {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Until speeds at first are known and no cool-down holds a plan. */
    private static final double SETTLED = 15;

    private static final double FROM = 5;
    private static final double TO = 25;
    private static final double WARM_UP = 2;

    private final Testbed bed;
    private final ClusterSeat seat;
    private final AskedModel model;
    private final double seconds;
    private final List<String> failures = new ArrayList<>();

    /** @param seconds for which plans are measured that do not change */
    public Drifting(Testbed bed, ClusterSeat seat, AskedModel model, double seconds) {
        this.bed = bed;
        this.seat = seat;
        this.model = model;
        this.seconds = seconds;
    }

    /** Changes the machine of a trial, and back. */
    public DriftTrial run(DriftTrial.Cell which) throws TimeoutException, InterruptedException {
        failures.clear();
        BedNode node = bed.nodes().stream()
                .filter(candidate -> candidate.name().equals(which.node()))
                .findFirst()
                .orElseThrow();
        try {
            ServedModel first = deploy(anyPlan());
            double before = measured(first);
            DriftTrial.Phase slow = phase(which.change().to(node), first.plan());
            ServedModel adapted = deploy(anyPlan());
            DriftTrial.Phase again = phase(which.change().back(node), adapted.plan());
            return new DriftTrial(which, before, slow, again, failures);
        } finally {
            which.change().back(node).on(bed);
        }
    }

    /** @param plan that serves when the change comes */
    private DriftTrial.Phase phase(Fault change, Plan plan) throws TimeoutException, InterruptedException {
        ServedModel served = deploy(anyPlan());
        double adaptive;
        double slowest;
        try (Saturation load = Saturation.begin(served, model)) {
            load.await(SETTLED);
            double at = load.seconds();
            change.on(bed);
            load.await(at + TO);
            adaptive = load.perSecond(at + FROM, at + TO);
            slowest = load.slowest(at, at + TO);
            failures.addAll(load.failures());
        }
        double kept = measured(deploy(DeployOrder.exactly(plan)));
        ServedModel anew = deploy(anyPlan());
        return new DriftTrial.Phase(adaptive, kept, measured(anew), PlanTrial.words(anew.plan()), slowest);
    }

    private double measured(ServedModel served) throws InterruptedException {
        try (Saturation load = Saturation.begin(served, model)) {
            load.await(WARM_UP + seconds);
            failures.addAll(load.failures());
            return load.perSecond(WARM_UP, WARM_UP + seconds);
        }
    }

    private DeployOrder anyPlan() {
        int nodes = bed.nodes().size();
        return new DeployOrder(Scheme.AUTO, Objective.THROUGHPUT, nodes, nodes);
    }

    private ServedModel deploy(DeployOrder order) throws TimeoutException, InterruptedException {
        var unused = seat.session().awaitNodes(bed.nodes().size(), DEADLINE);
        return ServedModel.deploy(seat, model.offered(), order);
    }
}
