package dev.tandem.harness.experiment.survival;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.actors.protocol.ClusterStatus.MemberStatus;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.RunningCluster;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.emulated.PlanTrial;
import dev.tandem.harness.fault.FaultPlayer;
import dev.tandem.harness.fault.FaultRecord;
import dev.tandem.harness.fault.FaultScript;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Loses nodes of a test bed under load, one at a time, and puts them right again. Used by one thread. */
public final class Survival {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration UNDISTURBED = Duration.ofSeconds(4);

    /** A request without an answer by then is lost. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);

    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final int IN_FLIGHT = 16;
    private static final long POLL_MILLIS = 100;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Testbed bed;
    private final ClusterSeat seat;
    private final AskedModel model;

    public Survival(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.seat = seat;
        this.model = model;
    }

    /** What all nodes but one do together; requests per second. */
    public double capacityWithout(String node, double seconds) throws TimeoutException, InterruptedException {
        bed.kill(node);
        try {
            ServedModel served = deployOn(bed.nodes().size() - 1);
            return new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                    .runFor(
                            new MeasuringTime(WARM_UP, Duration.ofMillis(Math.round(seconds * MILLIS))),
                            request -> served.infer(model.input(request), DEADLINE),
                            figures -> {})
                    .throughputPerSecond();
        } finally {
            repair(node);
        }
    }

    /**
     * Loses the node of a trial while requests come at fixed intervals.
     *
     * @param afterwards for so long after the fault requests go on
     */
    public SurvivalTrial lose(SurvivalTrial.Cell which, double capacity, double perSecond, Duration afterwards)
            throws TimeoutException, InterruptedException, ExecutionException {
        ServedModel served = deployOn(bed.nodes().size());
        boolean hadSupervisor = which.node().equals(supervisorsNode());
        try {
            WatchedLoad load = WatchedLoad.start(served, model, perSecond, UNDISTURBED.plus(afterwards), LOST_AFTER);
            double fault = breakAt(load, which);
            List<Answer> answers = load.await();
            Figures figures =
                    Figures.of(answers, fault, fault + 2 * which.breakage().aimSeconds());
            return new SurvivalTrial(
                    which,
                    hadSupervisor,
                    uses(served.plan(), which.node()),
                    PlanTrial.words(served.plan()),
                    capacity,
                    perSecond,
                    answers.size(),
                    answers.stream()
                            .map(Answer::failure)
                            .filter(failure -> !failure.isEmpty())
                            .toList(),
                    (int) answers.stream()
                            .filter(answer -> answer.failure().isEmpty() && !answer.isRight())
                            .count(),
                    figures.p99Before(),
                    figures.recovery(),
                    figures.p99After());
        } finally {
            repair(which.node());
        }
    }

    /** When the fault was begun, in seconds since the load. */
    private double breakAt(WatchedLoad load, SurvivalTrial.Cell which) throws InterruptedException, ExecutionException {
        FaultScript script = new FaultScript(
                List.of(new FaultScript.Event(UNDISTURBED, which.breakage().of(which.node()))));
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

    private ServedModel deployOn(int nodes) throws TimeoutException, InterruptedException {
        var unused = seat.session().awaitNodes(nodes, DEADLINE);
        awaitTrue(() -> knownNodes() == nodes);
        return ServedModel.deploy(
                seat, model.offered(), new DeployOrder(Scheme.AUTO, Objective.THROUGHPUT, nodes, nodes));
    }

    /** A node that was lost may be known for a moment longer. */
    private static void awaitTrue(BooleanSupplier condition) throws TimeoutException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("the nodes of the bed are not known as they are within " + DEADLINE);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private int knownNodes() {
        try {
            return seat.session().awaitNodes(1, DEADLINE).nodes().size();
        } catch (TimeoutException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private String supervisorsNode() throws TimeoutException, InterruptedException {
        try (ClusterVisit visit = ClusterVisit.begin(RunningCluster.settings(Optional.of(bed.clusterFile())))) {
            return visit.status(DEADLINE).members().stream()
                    .filter(MemberStatus::hostsSupervisor)
                    .map(MemberStatus::name)
                    .findFirst()
                    .orElse("");
        }
    }

    private static boolean uses(Plan plan, String node) {
        return plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .anyMatch(shard -> shard.place().node().equals(node));
    }

    /** The node starts anew, whatever state it is in. */
    private void repair(String node) {
        bed.heal();
        bed.resume(node);
        bed.kill(node);
        bed.restart(node);
    }
}
