package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.fault.FaultRecord;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Random faults on a test bed under load, for long. Used by one thread. */
public final class Soak {

    private static final Duration UNDISTURBED = Duration.ofSeconds(5);
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    /** A request without an answer by then is lost. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);

    /** Time to come to rest. */
    private static final Duration REST = Duration.ofSeconds(15);

    /** What is kept for a while is no leak: the transport keeps a stream to a member that has ended for five minutes. */
    private static final int MOST_RESTS = 24;

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int KEPT = 3;
    private static final double NANOS = 1e9;

    private final Testbed bed;
    private final AskedModel model;
    private final BedUpkeep upkeep;
    private final List<String> nodes;

    public Soak(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.model = model;
        this.upkeep = new BedUpkeep(bed, seat, model);
        this.nodes = bed.nodes().stream().map(BedNode::name).toList();
    }

    /** What the first three nodes do together; requests per second. */
    public double capacity(double seconds) throws TimeoutException, InterruptedException {
        return upkeep.capacityWithout(nodes.subList(KEPT, nodes.size()), seconds);
    }

    /**
     * Does it while requests come at fixed intervals. The last node is slowed only, so that it can be seen whether it leaks.
     *
     * @param listener hears of every fault
     */
    public SoakTrial run(SoakTrial.Cell which, double capacity, double perSecond, Consumer<FaultRecord> listener)
            throws TimeoutException, InterruptedException, ExecutionException, IOException {
        ServedModel served = upkeep.deployOn(nodes.size());
        upkeep.warmUp(served);
        List<Holdings> before = holdings();
        Played played = play(served, which, perSecond, listener);
        return new SoakTrial(
                which,
                capacity,
                perSecond,
                played.seconds(),
                played.outcome(),
                played.faults(),
                before,
                holdingsSince(before));
    }

    /** What is left of the load, which itself holds an answer of every request. */
    private record Played(LoadOutcome outcome, Map<String, Integer> faults, double seconds) {}

    private Played play(ServedModel served, SoakTrial.Cell which, double perSecond, Consumer<FaultRecord> listener)
            throws TimeoutException, InterruptedException, ExecutionException {
        WatchedLoad load = WatchedLoad.start(served::infer, model, perSecond, LONGEST, LOST_AFTER);
        Map<String, Integer> faults;
        double begin;
        double end;
        try {
            TimeUnit.NANOSECONDS.sleep(UNDISTURBED.toNanos());
            begin = (System.nanoTime() - load.beginNanos()) / NANOS;
            faults = new RandomFaults(bed, upkeep, Set.of(spared()), which.seed(), listener)
                    .play(Duration.ofNanos(Math.round(which.seconds() * NANOS)));
            TimeUnit.NANOSECONDS.sleep(AFTERWARDS.toNanos());
            end = (System.nanoTime() - load.beginNanos()) / NANOS;
        } finally {
            load.end();
        }
        return new Played(LoadOutcome.of(load.await(), begin), faults, end - begin);
    }

    private String spared() {
        return nodes.get(nodes.size() - 1);
    }

    /** When they are what they were, or have been more for so long that they will be. */
    private List<Holdings> holdingsSince(List<Holdings> before) throws IOException, InterruptedException {
        List<Holdings> now = holdings();
        for (int rest = 1; rest < MOST_RESTS && SoakTrial.leaks(before, now); rest++) {
            now = holdings();
        }
        return now;
    }

    /** Of this process, with its gateway, and of the node that is spared. */
    private List<Holdings> holdings() throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(REST.toNanos());
        List<Holdings> holdings = new ArrayList<>();
        holdings.add(Holdings.of(Testbed.CLIENT, ProcessHandle.current()));
        holdings.add(Holdings.of(spared(), bed.processes(spared()).get(0)));
        return holdings;
    }
}
