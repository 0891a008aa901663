package dev.tandem.harness.experiment.survival;

import dev.tandem.harness.fault.Fault;
import dev.tandem.harness.fault.FaultRecord;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Calibration;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.Testbed;
import dev.tandem.harness.testbed.TestbedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Faults drawn from a seed, on two threads: one loses nodes, one at a time, and brings each back; the other slows machines and
 * links and changes settings meanwhile. What was slowed or cut is put right again; only faults count, and nodes that join.
 */
final class RandomFaults {

    private enum Loss {
        KILL,
        STOP,
        CUT,
        LEAVE
    }

    private enum Strain {
        SHARE,
        LINK,
        SETTINGS
    }

    /** The kind under which faults are counted that could not be done. */
    static final String FAILED = "failed";

    private static final double HALF = 0.5;
    private static final int TENTH = 10;
    private static final int FEWEST_NODES = 4;
    private static final Duration SHORTEST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    /** A node that stood still, or was cut off, may be found lost so much later, and end then. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Testbed bed;
    private final BedUpkeep upkeep;
    private final Set<String> spared;
    private final long seed;
    private final Consumer<FaultRecord> listener;
    private final long startNanos = System.nanoTime();
    private final Map<String, Integer> done = new TreeMap<>();
    private volatile boolean isOver;
    private volatile @Nullable RuntimeException strainFailure;

    /**
     * @param spared nodes that are slowed only
     * @param listener hears of every fault, also of those that failed, on either thread, one at a time
     */
    RandomFaults(Testbed bed, BedUpkeep upkeep, Set<String> spared, long seed, Consumer<FaultRecord> listener) {
        this.bed = bed;
        this.upkeep = upkeep;
        this.spared = Set.copyOf(spared);
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Goes on for so long; all is right again when it returns.
     *
     * @return how many faults of each kind were done
     * @throws TimeoutException when nodes do not come back
     */
    Map<String, Integer> play(Duration length) throws TimeoutException, InterruptedException {
        Thread strains = new Thread(() -> strain(new Random(seed)), "strains");
        strains.setDaemon(true);
        strains.start();
        try {
            Random random = new Random(seed + 1);
            List<String> losable = new ArrayList<>(names());
            losable.removeAll(spared);
            while (System.nanoTime() - startNanos < length.toNanos()) {
                lose(pick(random, losable), pick(random, List.of(Loss.values())), random);
                mend();
            }
        } finally {
            isOver = true;
            strains.join();
        }
        RuntimeException failure = strainFailure;
        if (failure != null) {
            throw failure;
        }
        synchronized (done) {
            return Map.copyOf(done);
        }
    }

    private List<String> names() {
        return bed.nodes().stream().map(BedNode::name).toList();
    }

    private static <T> T pick(Random random, List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void lose(String node, Loss loss, Random random) throws InterruptedException {
        switch (loss) {
            case KILL -> {
                act(loss, new Fault.Kill(node));
                pause(random);
            }
            case LEAVE -> act(loss, new Fault.Leave(node));
            case STOP -> {
                act(loss, new Fault.Stop(node));
                pause(random);
                undo(new Fault.Continue(node));
                sleep(SETTLING);
            }
            case CUT -> {
                act(loss, new Fault.Cut(Set.of(node)));
                pause(random);
                undo(new Fault.Heal());
                sleep(SETTLING);
            }
        }
    }

    private static void pause(Random random) throws InterruptedException {
        sleep(SHORTEST.plusMillis(random.nextInt((int) LONGEST.minus(SHORTEST).toMillis())));
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** Starts what has ended, until all nodes are known. */
    private void mend() throws TimeoutException, InterruptedException {
        List<String> names = names();
        long end = System.nanoTime() + BedUpkeep.DEADLINE.toNanos();
        Set<String> begun = new HashSet<>();
        boolean isRight = false;
        while (!isRight) {
            for (String node : names) {
                if (bed.processes(node).isEmpty()) {
                    act("join", new Fault.Restart(node));
                    end = begun.add(node) ? System.nanoTime() + BedUpkeep.DEADLINE.toNanos() : end;
                }
            }
            isRight = upkeep.knownNodes() == names.size();
            if (!isRight && System.nanoTime() > end) {
                throw new TimeoutException("the nodes of the bed do not come back within " + BedUpkeep.DEADLINE);
            }
            sleep(POLL);
        }
    }

    private void strain(Random random) {
        try {
            while (!isOver) {
                BedNode node = pick(random, bed.nodes());
                Strain strain = pick(random, List.of(Strain.values()));
                switch (strain) {
                    case SHARE -> slow(node, random);
                    case LINK -> slowLink(node, random);
                    case SETTINGS -> change(random);
                }
                pause(random);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            strainFailure = e;
        }
    }

    private void slow(BedNode node, Random random) throws InterruptedException {
        Calibration.Share group = node.groups().get(0);
        act(Strain.SHARE, new Fault.Share(node.name(), group.group(), HALF * group.asked()));
        try {
            pause(random);
        } finally {
            undo(new Fault.Share(node.name(), group.group(), group.asked()));
        }
    }

    private void slowLink(BedNode node, Random random) throws InterruptedException {
        act(
                Strain.LINK,
                new Fault.LinkRate(node.name(), new LinkShape(node.link().bitsPerSecond() / TENTH)));
        try {
            pause(random);
        } finally {
            undo(new Fault.LinkRate(node.name(), node.link()));
        }
    }

    /** The same for all: whichever has the supervisor takes it over. */
    private void change(Random random) {
        int nodes = FEWEST_NODES + random.nextInt(names().size() - FEWEST_NODES + 1);
        String text = "tandem.planner.max-nodes = " + nodes;
        act(Strain.SETTINGS.name(), () -> names().forEach(node -> bed.addSettings(node, text)), text);
    }

    private void act(Enum<?> kind, Fault fault) {
        act(kind.name(), fault);
    }

    private void act(String kind, Fault fault) {
        act(kind, () -> fault.on(bed), fault.toString());
    }

    private void undo(Fault fault) {
        if (!record(() -> fault.on(bed), fault.toString())) {
            count(FAILED);
        }
    }

    private void act(String kind, Runnable action, String words) {
        count(record(action, words) ? kind.toLowerCase(Locale.ROOT) : FAILED);
    }

    private void count(String kind) {
        synchronized (done) {
            done.merge(kind, 1, Integer::sum);
        }
    }

    private boolean record(Runnable action, String words) {
        long started = millis();
        Instant clock = Instant.now();
        String failure = "";
        try {
            action.run();
        } catch (TestbedException e) {
            failure = String.valueOf(e.getMessage());
        }
        synchronized (done) {
            listener.accept(new FaultRecord(words, started, started, millis(), clock.toString(), failure));
        }
        return failure.isEmpty();
    }

    private long millis() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    }
}
