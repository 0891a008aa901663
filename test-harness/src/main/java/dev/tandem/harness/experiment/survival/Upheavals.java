package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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
        WatchedLoad load = WatchedLoad.start(served, model, perSecond, LONGEST, LOST_AFTER);
        List<Answer> answers;
        double begin;
        double end;
        try {
            TimeUnit.NANOSECONDS.sleep(UNDISTURBED.toNanos());
            begin = (System.nanoTime() - load.beginNanos()) / NANOS;
            play(which.upheaval());
            TimeUnit.NANOSECONDS.sleep(AFTERWARDS.toNanos());
            end = (System.nanoTime() - load.beginNanos()) / NANOS;
        } finally {
            load.end();
        }
        answers = load.await();
        double fault = begin;
        return new UpheavalTrial(
                which,
                capacity,
                perSecond,
                end - begin,
                answers.size(),
                answers.stream()
                        .map(Answer::failure)
                        .filter(failure -> !failure.isEmpty())
                        .toList(),
                (int) answers.stream()
                        .filter(answer -> answer.failure().isEmpty() && !answer.isRight())
                        .count(),
                Figures.of(answers, fault, fault).p99Before(),
                Figures.p99(answers, answer -> answer.endSeconds() > fault),
                answers.stream()
                        .filter(answer -> answer.endSeconds() > fault)
                        .mapToDouble(Answer::latencySeconds)
                        .max()
                        .orElse(Double.NaN));
    }

    private void play(Upheaval upheaval) throws TimeoutException, InterruptedException {
        switch (upheaval) {
            case ROLLING_RESTART -> restartAll();
            case PARTITION -> part();
            case SUPERVISORS -> killSupervisors();
        }
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

    private void killSupervisors() throws TimeoutException, InterruptedException {
        for (int time = 0; time < SUPERVISORS; time++) {
            String node = upkeep.supervisorsNode();
            bed.kill(node);
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
            bed.restart(node);
            upkeep.awaitNodes(nodes.size());
        }
    }
}
