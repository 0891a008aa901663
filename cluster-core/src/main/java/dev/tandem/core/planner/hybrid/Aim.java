package dev.tandem.core.planner.hybrid;

import dev.tandem.core.cost.EnergyModel;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;

/**
 * What is to be made small, and what must not be exceeded.
 *
 * @param idleWatts of all nodes together; 0 where energy does not matter
 */
record Aim(Objective objective, Constraints constraints, double idleWatts) {

    /** @throws IllegalArgumentException when energy matters and the power of a node is not known */
    static Aim of(PlanRequest request, Constraints constraints) {
        Constraints all = constraints.withMaxNodes(Math.min(constraints.maxNodes(), request.maxNodes()));
        request.objective()
                .refusal(request.topology())
                .or(() -> all.refusal(request.topology()))
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(reason);
                });
        return new Aim(
                request.objective(),
                all,
                request.cost().energy().map(EnergyModel::idleWatts).orElse(0.0));
    }

    /** Whether the time of one request matters. */
    boolean needsLatency() {
        return objective != Objective.THROUGHPUT
                || constraints.maxLatencySeconds() < Double.POSITIVE_INFINITY
                || needsEnergy();
    }

    /** Whether it matters how busy resources are. */
    boolean needsPeriod() {
        return objective == Objective.THROUGHPUT || constraints.minThroughputPerSecond() > 0;
    }

    /** Whether energy matters. */
    boolean needsEnergy() {
        return objective.needsPower() || constraints.maxEnergyJoules() < Double.POSITIVE_INFINITY;
    }

    /** What is to be made small; infinite where a bound is exceeded. Never falls when a figure grows. */
    double value(Figures figures) {
        double joules = figures.activeJoules() + idleWatts * figures.latencySeconds();
        boolean exceeds = figures.latencySeconds() > constraints.maxLatencySeconds()
                || figures.periodSeconds() * constraints.minThroughputPerSecond() > 1
                || (needsEnergy() && joules > constraints.maxEnergyJoules());
        if (exceeds) {
            return Double.POSITIVE_INFINITY;
        }
        return switch (objective) {
            case LATENCY -> figures.latencySeconds();
            case THROUGHPUT -> figures.periodSeconds();
            case ENERGY -> joules;
            case ENERGY_DELAY -> joules * figures.latencySeconds();
        };
    }

    /**
     * What a plan does, or at least does.
     *
     * @param latencySeconds of one request
     * @param periodSeconds between two requests when many are in flight
     * @param activeJoules of one request, beyond what idle machines take
     */
    record Figures(double latencySeconds, double periodSeconds, double activeJoules) {}
}
