package dev.tandem.harness.experiment.survival;

import java.util.List;

/**
 * A node was lost under load.
 *
 * @param hadSupervisor whether the node had the supervisor
 * @param wasUsed whether the plan used the node
 * @param plan in words
 * @param capacityPerSecond of the other nodes, measured
 * @param perSecond requests, at fixed intervals
 * @param requests that left
 * @param failures why requests were not answered, one entry each
 * @param wrong answers that differ from the unsplit model's
 * @param p99BeforeSeconds latency until the fault
 * @param slowestBeforeSeconds longest latency until the fault
 * @param recoverySeconds longest time, from the fault or from when it was meant to leave if that is later, that a request had to
 *     wait for its answer
 * @param recoveredSeconds when that wait was over, from the fault
 * @param p99AfterSeconds latency of what was asked when all was to be well again, the aim after the fault
 */
public record SurvivalTrial(
        Cell which,
        boolean hadSupervisor,
        boolean wasUsed,
        String plan,
        double capacityPerSecond,
        double perSecond,
        int requests,
        List<String> failures,
        int wrong,
        double p99BeforeSeconds,
        double slowestBeforeSeconds,
        double recoverySeconds,
        double recoveredSeconds,
        double p99AfterSeconds) {

    private static final double LEAVING_SECONDS = 0.05;

    private static final double STANDBY_SECONDS = 0.3;

    /** Which trial it was. */
    public record Cell(String bed, Cover cover, Breakage breakage, String node, int round) {}

    public SurvivalTrial {
        failures = List.copyOf(failures);
    }

    /** What the others can do, measured, and what was asked of them; requests per second. */
    record Rate(double capacityPerSecond, double perSecond) {}

    /** @param faultSeconds since the load began */
    static SurvivalTrial of(
            Cell which,
            boolean hadSupervisor,
            boolean wasUsed,
            String plan,
            Rate rate,
            List<Answer> answers,
            double faultSeconds) {
        Figures figures = Figures.of(
                answers, faultSeconds, faultSeconds + which.breakage().aimSeconds());
        return new SurvivalTrial(
                which,
                hadSupervisor,
                wasUsed,
                plan,
                rate.capacityPerSecond(),
                rate.perSecond(),
                answers.size(),
                answers.stream()
                        .map(Answer::failure)
                        .filter(failure -> !failure.isEmpty())
                        .toList(),
                (int) answers.stream()
                        .filter(answer -> answer.failure().isEmpty() && !answer.isRight())
                        .count(),
                figures.p99Before(),
                figures.slowestBefore(),
                figures.recovery(),
                figures.recovered(),
                figures.p99After());
    }

    /** Whether nothing was lost or wrong. */
    public boolean keepsAll() {
        return failures.isEmpty() && wrong == 0;
    }

    /** Whether that was so, and within the time that was aimed at; nothing is aimed at without any cover. */
    public boolean pass() {
        return which.cover() == Cover.NONE || (keepsAll() && recoverySeconds <= aimSeconds());
    }

    /**
     * How long any request may have to wait; a node that leaves by itself must not cost more than 50 ms, and a process that dies
     * no more than 300 ms where something stands by.
     */
    double aimSeconds() {
        return switch (which.breakage()) {
            case LEAVE -> p99BeforeSeconds + LEAVING_SECONDS;
            case KILL -> which.cover() == Cover.STANDBY ? STANDBY_SECONDS : Breakage.KILL.aimSeconds();
            case STOP, CUT -> which.breakage().aimSeconds();
        };
    }
}
