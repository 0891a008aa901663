package dev.tandem.harness.experiment.survival;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.testbed.BedNode;
import dev.tandem.harness.testbed.Testbed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a cluster for more than it can do. Used by one thread. */
public final class Overload {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration OF_A_REQUEST = Duration.ofSeconds(2);
    private static final Duration NORMAL = Duration.ofSeconds(6);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final double NORMAL_SHARE = 0.5;
    private static final double RECOVERED_SECONDS = 2;
    private static final int IN_FLIGHT = 24;
    private static final double TIMES = 3;
    private static final double SETTLED_PART = 0.1;
    private static final double MILLIS = 1e3;
    private static final double MIB = 1 << 20;

    /** As gateways say it. */
    private static final String REFUSED = "OVERLOADED";

    private static final String LATE = "DEADLINE_EXCEEDED";

    private final Testbed bed;
    private final ClusterSeat seat;
    private final AskedModel model;

    public Overload(Testbed bed, ClusterSeat seat, AskedModel model) {
        this.bed = bed;
        this.seat = seat;
        this.model = model;
    }

    /**
     * Asks for three times the peak, and for half of it before and afterwards.
     *
     * @param seconds for which it is three times as much
     */
    public OverloadTrial run(OverloadTrial.Cell which, double seconds)
            throws TimeoutException, InterruptedException, ExecutionException {
        ServedModel served = deploy();
        double peak = peak(served);
        double normal = p99(
                WatchedLoad.start(served::infer, model, NORMAL_SHARE * peak, NORMAL, OF_A_REQUEST)
                        .await(),
                1);
        Duration length = Duration.ofMillis(Math.round(seconds * MILLIS));
        WatchedLoad much = WatchedLoad.start(served::infer, model, TIMES * peak, length, OF_A_REQUEST);
        TimeUnit.MILLISECONDS.sleep(Math.round(seconds * SETTLED_PART * MILLIS));
        Map<String, Long> settled = anonymous();
        TimeUnit.MILLISECONDS.sleep(Math.round(seconds * (1 - SETTLED_PART) * MILLIS));
        Map<String, Double> grown = new HashMap<>();
        anonymous().forEach((node, bytes) -> grown.put(node, (bytes - settled.getOrDefault(node, 0L)) / MIB));
        double again = p99(
                WatchedLoad.start(served::infer, model, NORMAL_SHARE * peak, NORMAL, OF_A_REQUEST)
                        .await(),
                RECOVERED_SECONDS);
        List<Answer> answers = much.await();
        long good = answers.stream()
                .filter(answer -> answer.isRight() && answer.latencySeconds() <= OF_A_REQUEST.toSeconds())
                .count();
        long refused = count(answers, REFUSED);
        long late = count(answers, LATE);
        return new OverloadTrial(
                which,
                peak,
                TIMES * peak,
                seconds,
                OF_A_REQUEST.toSeconds(),
                good / seconds,
                refused,
                late,
                answers.size() - good - refused - late,
                answers.stream()
                        .filter(Answer::isRight)
                        .mapToDouble(Answer::latencySeconds)
                        .max()
                        .orElse(0),
                normal,
                again,
                grown);
    }

    private static long count(List<Answer> answers, String code) {
        return answers.stream()
                .filter(answer -> answer.failure().contains(code))
                .count();
    }

    private static double p99(List<Answer> answers, double fromSeconds) {
        return Figures.p99(answers, answer -> answer.scheduledSeconds() > fromSeconds && answer.isRight());
    }

    private double peak(ServedModel served) throws TimeoutException, InterruptedException {
        return new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, DEADLINE)
                .runFor(
                        new MeasuringTime(WARM_UP, NORMAL),
                        request -> served.infer(model.input(request), DEADLINE),
                        figures -> {})
                .throughputPerSecond();
    }

    private Map<String, Long> anonymous() {
        Map<String, Long> bytes = new HashMap<>();
        for (BedNode node : bed.nodes()) {
            bytes.put(node.name(), bed.memoryAnonymous(node.name()));
        }
        return bytes;
    }

    private ServedModel deploy() throws TimeoutException, InterruptedException {
        int nodes = bed.nodes().size();
        var unused = seat.session().awaitNodes(nodes, DEADLINE);
        return ServedModel.deploy(
                seat, model.offered(), new DeployOrder(Scheme.AUTO, Objective.THROUGHPUT, nodes, nodes));
    }
}
