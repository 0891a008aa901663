package dev.tandem.harness.experiment.survival;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterStatus.EpochStatus;
import dev.tandem.actors.protocol.ClusterStatus.MemberStatus;
import dev.tandem.actors.protocol.ClusterStatus.ShardPlace;
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
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Has a model served on a bed whose nodes come and go, and puts the nodes right again. Used by one thread. */
final class BedUpkeep {

    static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final Duration WARMING = Duration.ofSeconds(3);
    private static final int IN_FLIGHT = 16;
    private static final long POLL_MILLIS = 100;
    private static final double MILLIS = 1e3;

    private final Testbed bed;
    private final ClusterSeat seat;
    private final AskedModel model;

    BedUpkeep(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.seat = seat;
        this.model = model;
    }

    /** What all nodes but these do together; requests per second. */
    double capacityWithout(List<String> nodes, Scheme scheme, double seconds)
            throws TimeoutException, InterruptedException {
        nodes.forEach(bed::kill);
        try {
            ServedModel served = deployOn(bed.nodes().size() - nodes.size(), scheme);
            return load(served, WARM_UP, Duration.ofMillis(Math.round(seconds * MILLIS)));
        } finally {
            nodes.forEach(this::repair);
        }
    }

    /** The same, divided in whatever way is best. */
    double capacityWithout(List<String> nodes, double seconds) throws TimeoutException, InterruptedException {
        return capacityWithout(nodes, Scheme.AUTO, seconds);
    }

    /** The same, divided in whatever way is best. */
    ServedModel deployOn(int nodes) throws TimeoutException, InterruptedException {
        return deployOn(nodes, Scheme.AUTO);
    }

    /** Asks several times at once for some seconds, so that what is measured afterwards does not find cold code. */
    void warmUp(ServedModel served) throws TimeoutException, InterruptedException {
        var unused = load(served, Duration.ZERO, WARMING);
    }

    /** Requests per second, several at a time. */
    private double load(ServedModel served, Duration warmUp, Duration length)
            throws TimeoutException, InterruptedException {
        return new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                .runFor(
                        new MeasuringTime(warmUp, length),
                        request -> served.infer(model.input(request), DEADLINE),
                        figures -> {})
                .throughputPerSecond();
    }

    /** Has the model served on all nodes with this cover. */
    ServedModel serve(Cover cover) throws TimeoutException, InterruptedException {
        ServedModel served = deployOn(bed.nodes().size(), cover.scheme());
        if (cover == Cover.STANDBY) {
            awaitStandby();
        } else if (cover == Cover.NONE) {
            return ServedModel.deploy(seat, model.offered(), DeployOrder.exactly(served.plan()));
        }
        return served;
    }

    /** Has the settings of all nodes say that lanes stand by, and waits until some do in what serves. */
    private void awaitStandby() throws TimeoutException, InterruptedException {
        bed.nodes().forEach(node -> bed.addSettings(node.name(), "tandem.rebalance.standby = warm"));
        awaitStatus(status -> status.epochs().stream()
                .filter(EpochStatus::isServing)
                .anyMatch(epoch -> epoch.shards().stream().anyMatch(ShardPlace::isStandby)));
    }

    /** Has the model served once exactly so many nodes are known; one that was lost may be known for a moment longer. */
    ServedModel deployOn(int nodes, Scheme scheme) throws TimeoutException, InterruptedException {
        awaitNodes(nodes);
        return ServedModel.deploy(seat, model.offered(), new DeployOrder(scheme, Objective.THROUGHPUT, nodes, nodes));
    }

    void awaitNodes(int nodes) throws TimeoutException, InterruptedException {
        var unused = seat.session().awaitNodes(nodes, DEADLINE);
        awaitTrue(() -> knownNodes() == nodes);
    }

    private static void awaitTrue(BooleanSupplier condition) throws TimeoutException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("the nodes of the bed are not known as they are within " + DEADLINE);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** How many the cluster knows now; 0 when it does not say. */
    int knownNodes() {
        try {
            return seat.session().awaitNodes(1, DEADLINE).nodes().size();
        } catch (TimeoutException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Name of the node that has the supervisor now; empty when nobody knows. */
    String supervisorsNode() throws TimeoutException, InterruptedException {
        return status().members().stream()
                .filter(MemberStatus::hostsSupervisor)
                .map(MemberStatus::name)
                .findFirst()
                .orElse("");
    }

    /** Numbers of the epochs that serve and have a shard on the node. */
    Set<Long> epochsOn(String node) throws TimeoutException, InterruptedException {
        return status().epochs().stream()
                .filter(EpochStatus::isServing)
                .filter(epoch ->
                        epoch.shards().stream().anyMatch(shard -> shard.node().equals(node)))
                .map(EpochStatus::epoch)
                .collect(Collectors.toSet());
    }

    /** Waits until another epoch serves, and none of these. */
    void awaitReplaced(Set<Long> epochs) throws TimeoutException, InterruptedException {
        awaitStatus(status -> {
            List<Long> serving = status.epochs().stream()
                    .filter(EpochStatus::isServing)
                    .map(EpochStatus::epoch)
                    .toList();
            return !serving.isEmpty() && serving.stream().noneMatch(epochs::contains);
        });
    }

    private void awaitStatus(Predicate<ClusterStatus> condition) throws TimeoutException, InterruptedException {
        awaitTrue(() -> {
            try {
                return condition.test(status());
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    private ClusterStatus status() throws TimeoutException, InterruptedException {
        try (ClusterVisit visit = ClusterVisit.begin(RunningCluster.settings(Optional.of(bed.clusterFile())))) {
            return visit.status(DEADLINE);
        }
    }

    static boolean uses(Plan plan, String node) {
        return plan.lanes().stream().anyMatch(lane -> lane.nodes().contains(node));
    }

    /** The node starts anew, whatever state it is in. */
    void repair(String node) {
        bed.heal();
        bed.resume(node);
        bed.kill(node);
        bed.restart(node);
    }
}
