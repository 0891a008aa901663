package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.fault.Fault;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Calibration;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Machines and links of a test bed that are a little slower or faster all the time, under load. Used by one thread. */
public final class Noise {

    /** Speeds and rates are at most so much beside what they are. */
    private static final double PART = 0.1;

    /** Of what all nodes can do. */
    private static final double LOAD = 0.7;

    private static final double CAPACITY_SECONDS = 6;
    private static final Duration STEP = Duration.ofSeconds(2);

    /** Until speeds at first are known, a plan has been found for them, and no cool-down holds it. */
    private static final Duration SETTLED = Duration.ofSeconds(40);

    /** A request without an answer by then is lost. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final double NANOS = 1e9;

    private final Testbed bed;
    private final AskedModel model;
    private final BedUpkeep upkeep;

    public Noise(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.model = model;
        this.upkeep = new BedUpkeep(bed, seat, model);
    }

    /** Does it while requests come at fixed intervals. All is as it was when it returns. */
    public NoiseTrial run(NoiseTrial.Cell which) throws TimeoutException, InterruptedException, ExecutionException {
        double capacity = upkeep.capacityWithout(List.of(), CAPACITY_SECONDS);
        ServedModel served = upkeep.deployOn(bed.nodes().size());
        WatchedLoad load = WatchedLoad.start(served::infer, model, LOAD * capacity, LONGEST, LOST_AFTER);
        Changes changes = new Changes(served, new Random(which.seed()));
        double begin;
        try {
            TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
            begin = (System.nanoTime() - load.beginNanos()) / NANOS;
            changes.play(which.seconds());
        } finally {
            load.end();
            putRight();
        }
        return new NoiseTrial(
                which,
                capacity,
                LOAD * capacity,
                changes.done,
                changes.moveSeconds,
                LoadOutcome.of(load.await(), begin));
    }

    private void putRight() {
        for (BedNode node : bed.nodes()) {
            scale(node, 1, 1);
        }
    }

    private void scale(BedNode node, double speed, double rate) {
        Calibration.Share group = node.groups().get(0);
        new Fault.Share(node.name(), group.group(), speed * group.asked()).on(bed);
        new Fault.LinkRate(
                        node.name(), new LinkShape(Math.round(rate * node.link().bitsPerSecond())))
                .on(bed);
    }

    /** All machines and links change at once, every other second, and the plan is looked at. */
    private final class Changes {

        private final ServedModel served;
        private final Random random;
        private final List<Double> moveSeconds = new ArrayList<>();
        private int done;

        Changes(ServedModel served, Random random) {
            this.served = served;
            this.random = random;
        }

        void play(double seconds) throws InterruptedException, ExecutionException {
            long start = System.nanoTime();
            long before = epoch();
            for (double now = 0; now < seconds; now = (System.nanoTime() - start) / NANOS) {
                for (BedNode node : bed.nodes()) {
                    scale(node, factor(), factor());
                    done += 2;
                }
                TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
                long after = epoch();
                if (after != before) {
                    moveSeconds.add((System.nanoTime() - start) / NANOS);
                }
                before = after;
            }
        }

        private double factor() {
            return 1 + PART * (2 * random.nextDouble() - 1);
        }

        private long epoch() throws InterruptedException, ExecutionException {
            return served.stats().toCompletableFuture().get().epoch();
        }
    }
}
