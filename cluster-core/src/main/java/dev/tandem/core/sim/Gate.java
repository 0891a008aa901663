package dev.tandem.core.sim;

import dev.tandem.core.sim.Event.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;

/** The requests: when they come, which wait to be dealt, and what became of them. They wait in the order of coming. */
final class Gate {

    private final Arrivals arrivals;
    private final EventQueue events;
    private final SplittableRandom random;
    private final double[] cameAt;
    private final double[] latencies;
    private final double[] answeredAt;
    private int announced;
    private int came;
    private int dealt;
    private int answered;
    private int lost;

    Gate(Arrivals arrivals, EventQueue events, SplittableRandom random) {
        this.arrivals = arrivals;
        this.events = events;
        this.random = random;
        this.cameAt = new double[arrivals.requests()];
        this.latencies = new double[arrivals.requests()];
        this.answeredAt = new double[arrivals.requests()];
    }

    void open() {
        int first = arrivals instanceof Arrivals.ClosedLoop loop ? loop.inFlight() : 1;
        for (int request = 0; request < first; request++) {
            announceNext(0);
        }
    }

    /** Every request has been answered or lost. */
    boolean isOver() {
        return answered + lost == arrivals.requests();
    }

    boolean hasWaiting() {
        return dealt < came;
    }

    void onArrival(double now) {
        cameAt[came++] = now;
        if (!(arrivals instanceof Arrivals.ClosedLoop)) {
            announceNext(now);
        }
    }

    /** Takes the request that has waited longest. */
    int next() {
        return dealt++;
    }

    void answer(int request, double now) {
        latencies[answered] = now - cameAt[request];
        answeredAt[answered] = now;
        answered++;
        replace(1, now);
    }

    void lose(int requests, double now) {
        lost += requests;
        replace(requests, now);
    }

    /** @param resources how busy they were in so many seconds */
    SimulationResult result(DoubleFunction<List<Resource>> resources, double durationSeconds) {
        return new SimulationResult(
                answered,
                lost,
                new Latencies(Arrays.copyOf(latencies, answered)),
                throughput(durationSeconds),
                durationSeconds,
                events.added(),
                resources.apply(durationSeconds),
                Optional.empty());
    }

    private void replace(int requests, double now) {
        if (arrivals instanceof Arrivals.ClosedLoop) {
            for (int request = 0; request < requests; request++) {
                announceNext(now);
            }
        }
    }

    private void announceNext(double now) {
        if (announced < arrivals.requests()) {
            events.add(nextArrival(now), Event.of(Kind.ARRIVAL, 0, 0));
            announced++;
        }
    }

    private double nextArrival(double now) {
        if (arrivals instanceof Arrivals.OpenLoop loop) {
            return now + random.nextExponential() / loop.perSecond();
        }
        return arrivals instanceof Arrivals.At at ? at.seconds().get(announced) : now;
    }

    private double throughput(double durationSeconds) {
        int edge = answered / 5;
        int last = answered - 1 - edge;
        if (last > edge && answeredAt[last] > answeredAt[edge]) {
            return (last - edge) / (answeredAt[last] - answeredAt[edge]);
        }
        return answered == 0 ? 0 : answered / durationSeconds;
    }
}
