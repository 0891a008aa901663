package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has much happen to a test bed under load. Used by one thread. */
public final class Upheavals {

    private static final Duration UNDISTURBED = Duration.ofSeconds(4);
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration PARTED = Duration.ofSeconds(30);
    private static final int SUPERVISORS = 10;

    /** Nothing is moved for so long after a plan has been put in place, and then it is looked at. */
    private static final Duration AT_REST = Duration.ofSeconds(15);

    private static final long POLL_MILLIS = 20;

    /** A request without an answer by then is lost. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);

    /** Ends the load should nothing else do so. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private static final double NANOS = 1e9;

    private final Testbed bed;
    private final AskedModel model;
    private final BedUpkeep upkeep;
    private final List<String> nodes;

    public Upheavals(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.model = model;
        this.upkeep = new BedUpkeep(bed, seat, model);
        this.nodes = bed.nodes().stream().map(BedNode::name).toList();
    }

    /** What the first three nodes do together; requests per second. */
    public double capacity(double seconds) throws TimeoutException, InterruptedException {
        return upkeep.capacityWithout(minority(), seconds);
    }

    private List<String> minority() {
        return nodes.subList(3, nodes.size());
    }

    /** Does it while requests come at fixed intervals. All nodes are up and known before and after it. */
    public UpheavalTrial run(UpheavalTrial.Cell which, double capacity, double perSecond)
            throws TimeoutException, InterruptedException, ExecutionException {
        ServedModel served = upkeep.deployOn(nodes.size());
        WatchedLoad load = WatchedLoad.start(served::infer, model, perSecond, LONGEST, LOST_AFTER);
        double begin;
        double end;
        OptionalDouble joined;
        try {
            TimeUnit.NANOSECONDS.sleep(UNDISTURBED.toNanos());
            begin = (System.nanoTime() - load.beginNanos()) / NANOS;
            joined = play(which.upheaval(), served);
            TimeUnit.NANOSECONDS.sleep(AFTERWARDS.toNanos());
            end = (System.nanoTime() - load.beginNanos()) / NANOS;
        } finally {
            load.end();
        }
        return new UpheavalTrial(which, capacity, perSecond, end - begin, LoadOutcome.of(load.await(), begin), joined);
    }

    /** How long a node that joined was waited for, if one was; seconds. */
    private OptionalDouble play(Upheaval upheaval, ServedModel served)
            throws TimeoutException, InterruptedException, ExecutionException {
        switch (upheaval) {
            case ROLLING_RESTART -> restartAll();
            case PARTITION -> part();
            case SUPERVISORS -> killSupervisors();
            case JOIN -> {
                return OptionalDouble.of(join(served));
            }
        }
        return OptionalDouble.empty();
    }

    /** Until the gateway deals by a plan with the node that has come. */
    private double join(ServedModel served) throws TimeoutException, InterruptedException, ExecutionException {
        String node = nodes.get(nodes.size() - 1);
        bed.leave(node);
        TimeUnit.NANOSECONDS.sleep(AT_REST.toNanos());
        long before = epoch(served);
        bed.restart(node);
        long measured = System.nanoTime();
        double seconds = Double.NaN;
        while (Double.isNaN(seconds)) {
            if (System.nanoTime() - measured > BedUpkeep.DEADLINE.toNanos()) {
                throw new TimeoutException("node " + node + " is not used within " + BedUpkeep.DEADLINE);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            long now = epoch(served);
            double after = (System.nanoTime() - measured) / NANOS;
            if (now != before && !upkeep.epochsOn(node).isEmpty()) {
                seconds = after;
            }
            before = now;
        }
        return seconds;
    }

    private static long epoch(ServedModel served) throws InterruptedException, ExecutionException {
        return served.stats().toCompletableFuture().get().epoch();
    }

    private void restartAll() throws TimeoutException, InterruptedException {
        for (String node : nodes) {
            bed.leave(node);
            bed.restart(node);
            upkeep.awaitNodes(nodes.size());
        }
    }

    /** The smaller side ends by itself, as the larger one may serve without it; a service manager would start it again. */
    private void part() throws TimeoutException, InterruptedException {
        bed.cut(Set.copyOf(minority()), larger());
        try {
            TimeUnit.NANOSECONDS.sleep(PARTED.toNanos());
        } finally {
            bed.heal();
        }
        for (String node : minority()) {
            upkeep.repair(node);
        }
        upkeep.awaitNodes(nodes.size());
    }

    private Set<String> larger() {
        Set<String> larger = new HashSet<>(nodes.subList(0, 3));
        larger.add(Testbed.CLIENT);
        return larger;
    }

    /** Each of them has put right what the loss of the one before has left. */
    private void killSupervisors() throws TimeoutException, InterruptedException {
        for (int time = 0; time < SUPERVISORS; time++) {
            String node = upkeep.supervisorsNode();
            Set<Long> lost = upkeep.epochsOn(node);
            bed.kill(node);
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
            bed.restart(node);
            upkeep.awaitNodes(nodes.size());
            upkeep.awaitReplaced(lost);
        }
    }
}
