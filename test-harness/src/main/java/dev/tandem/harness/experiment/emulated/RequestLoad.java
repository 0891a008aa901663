package dev.tandem.harness.experiment.emulated;

import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.Pulse;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Asks a model that is served, with inputs made up in advance. For one thread. */
public final class RequestLoad {

    private static final int SAMPLES = 4;
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final double SECONDS_PER_NANO = 1e-9;

    private final ServedModel served;
    private final List<Map<String, TensorValue>> samples;

    public RequestLoad(ServedModel served, long seed) {
        SampleInputs inputs = new SampleInputs(served.graph().inputs(), seed);
        this.served = served;
        this.samples = IntStream.range(0, SAMPLES).mapToObj(inputs::sample).toList();
    }

    /** Seconds that each of several requests took, one at a time. */
    public List<Double> latencies(Length length) throws TimeoutException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        long start = System.nanoTime();
        loop(1).runWhile(
                        () -> length.goesOn(seconds.size(), since(start)),
                        this::send,
                        query -> seconds.add(query.latencyNanos() * SECONDS_PER_NANO),
                        new Pulse(() -> {}));
        return List.copyOf(seconds);
    }

    /**
     * Answers in a stretch of time in which as many requests as wanted were in flight.
     *
     * @param answers the first one begins the stretch and does not count
     */
    public record Rate(int answers, double seconds) {
        /** Answers per second. */
        public double perSecond() {
            return answers / seconds;
        }
    }

    /** From when the plan has been full for a while to when no more requests leave. */
    public Rate rate(int inFlight, Length length) throws TimeoutException, InterruptedException {
        Stretch stretch = new Stretch(inFlight, length);
        loop(inFlight).runWhile(stretch::goesOn, this::send, query -> stretch.answered(), new Pulse(() -> {}));
        return stretch.rate();
    }

    /** Answers from when there were as many as are in flight to when it is over. */
    private static final class Stretch {
        private final int inFlight;
        private final Length length;
        private final List<Long> counted = new ArrayList<>();
        private int answers;
        private boolean isOver;

        Stretch(int inFlight, Length length) {
            this.inFlight = inFlight;
            this.length = length;
        }

        boolean goesOn() {
            isOver = isOver || (counted.size() > 1 && !length.goesOn(counted.size() - 1, since(counted.get(0))));
            return !isOver;
        }

        void answered() {
            answers++;
            if (answers >= inFlight && !isOver) {
                counted.add(System.nanoTime());
            }
        }

        Rate rate() {
            int last = counted.size() - 1;
            return new Rate(last, (counted.get(last) - counted.get(0)) * SECONDS_PER_NANO);
        }
    }

    private ClosedLoop<Map<String, TensorValue>> loop(int inFlight) {
        return new ClosedLoop<>(inFlight, DEADLINE);
    }

    private CompletionStage<Map<String, TensorValue>> send(int request) {
        return served.infer(samples.get(request % SAMPLES), DEADLINE);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) * SECONDS_PER_NANO;
    }
}
