package dev.tandem.harness.experiment.survival;

import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.fault.FaultPlayer;
import dev.tandem.harness.fault.FaultRecord;
import dev.tandem.harness.fault.FaultScript;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Loses nodes of a test bed under load, one at a time, and puts them right again. Used by one thread. */
public final class Survival {

    /** In the place of a node: the one that has the supervisor by then. */
    public static final String SUPERVISOR = "supervisor";

    private static final Duration UNDISTURBED = Duration.ofSeconds(3);

    /** A request without an answer by then is lost. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Testbed bed;
    private final BedUpkeep upkeep;
    private final AskedModel model;

    public Survival(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.upkeep = new BedUpkeep(bed, seat, model);
        this.model = model;
    }

    /** What all nodes do together; requests per second. */
    public double capacity(Scheme scheme, double seconds) throws TimeoutException, InterruptedException {
        return upkeep.capacityWithout(List.of(), scheme, seconds);
    }

    /** What all nodes but one do together; requests per second. */
    public double capacityWithout(String node, Scheme scheme, double seconds)
            throws TimeoutException, InterruptedException {
        return upkeep.capacityWithout(List.of(node), scheme, seconds);
    }

    /**
     * Loses the node of a trial while requests come at fixed intervals.
     *
     * @param afterwards for so long after the fault requests go on
     */
    public SurvivalTrial lose(SurvivalTrial.Cell which, double capacity, double perSecond, Duration afterwards)
            throws TimeoutException, InterruptedException, ExecutionException {
        ServedModel served = upkeep.serve(which.cover());
        upkeep.warmUp(served);
        String supervisors = upkeep.supervisorsNode();
        String node = which.node().equals(SUPERVISOR) ? supervisors : which.node();
        try {
            WatchedLoad load =
                    WatchedLoad.start(served::infer, model, perSecond, UNDISTURBED.plus(afterwards), LOST_AFTER);
            double fault = breakAt(load, which.breakage(), node);
            List<Answer> answers = load.await();
            return SurvivalTrial.of(
                    which,
                    node.equals(supervisors),
                    BedUpkeep.uses(served.plan(), node),
                    PlanTrial.words(served.plan()),
                    new SurvivalTrial.Rate(capacity, perSecond),
                    answers,
                    fault);
        } finally {
            upkeep.repair(node);
        }
    }

    /** When the fault was begun, in seconds since the load. */
    private double breakAt(WatchedLoad load, Breakage breakage, String node)
            throws InterruptedException, ExecutionException {
        FaultScript script = new FaultScript(List.of(new FaultScript.Event(UNDISTURBED, breakage.of(node))));
        long begin = load.beginNanos();
        long start = System.nanoTime();
        try (FaultPlayer player = FaultPlayer.start(bed, script, done -> {})) {
            FaultRecord done = player.await().get(0);
            if (!done.failure().isEmpty()) {
                throw new IllegalStateException(done.fault() + ": " + done.failure());
            }
            return (start - begin) / NANOS + done.startedMillis() / MILLIS;
        }
    }
}
