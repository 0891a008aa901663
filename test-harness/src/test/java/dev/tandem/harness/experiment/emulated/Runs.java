package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measurements that are made up. */
record Runs(String bed, String model, Objective aim) {

    /** One that is as predicted. */
    Run run(String planner, int round, double measured) {
        return run(planner, round, planner, measured, measured);
    }

    Run run(String planner, int round, String lanes, double measured, double predicted) {
        return new Run(
                new Run.Cell(bed, model, planner, aim, round),
                planner + ": 0-3 a/cpu > 3-9 b/gpu+b/cpu | 0-9 a/cpu",
                lanes,
                measured,
                predicted,
                predicted,
                10,
                Optional.of(2 * measured),
                Map.of("a/cpu", 0.5, "b/gpu", 0.25),
                Optional.empty());
    }

    /** One per figure, in rounds from 1. */
    List<Run> rounds(String planner, double... measured) {
        return IntStream.range(0, measured.length)
                .mapToObj(round -> run(planner, round + 1, measured[round]))
                .toList();
    }
}
