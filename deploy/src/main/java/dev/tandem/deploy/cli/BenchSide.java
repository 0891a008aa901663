package dev.tandem.deploy.cli;

import dev.tandem.deploy.load.OpenLoopFigures;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One side of a benchmark: in one round, or the medians of all.
 *
 * @param throughput answers per second
 * @param maxMs of all rounds, where there are several
 * @param processorMs processor time per answer, of this process and of those that it started
 * @param refused requests refused for overload, of all rounds
 * @param late requests without an answer by their deadline, of all rounds
 */
record BenchSide(
        double throughput,
        double p50Ms,
        double p90Ms,
        double p99Ms,
        double maxMs,
        double processorMs,
        long refused,
        long late) {

    private static final double MILLIS = 1e3;

    static BenchSide of(OpenLoopFigures figures, double processorSeconds) {
        return new BenchSide(
                figures.load().throughputPerSecond(),
                figures.load().p50Seconds() * MILLIS,
                figures.load().p90Seconds() * MILLIS,
                figures.load().p99Seconds() * MILLIS,
                figures.load().maxSeconds() * MILLIS,
                processorSeconds * MILLIS,
                figures.refused(),
                figures.late());
    }

    static BenchSide median(List<BenchSide> rounds) {
        ToDoubleFunction<ToDoubleFunction<BenchSide>> median = figure -> Medians.of(rounds, figure);
        return new BenchSide(
                median.applyAsDouble(BenchSide::throughput),
                median.applyAsDouble(BenchSide::p50Ms),
                median.applyAsDouble(BenchSide::p90Ms),
                median.applyAsDouble(BenchSide::p99Ms),
                rounds.stream().mapToDouble(BenchSide::maxMs).max().orElse(0),
                median.applyAsDouble(BenchSide::processorMs),
                rounds.stream().mapToLong(BenchSide::refused).sum(),
                rounds.stream().mapToLong(BenchSide::late).sum());
    }
}
