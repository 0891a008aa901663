package dev.tandem.harness.experiment.survival;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A long time of random faults under load.
 *
 * @param capacityPerSecond of three nodes, measured
 * @param perSecond requests, at fixed intervals
 * @param seconds from the first fault to the end of the load
 * @param faults how many of each kind; those that could not be done are counted as failed
 * @param before what the client with its gateway, and the member that no fault has ended, held before the first request
 * @param after what they held when all was over
 */
public record SoakTrial(
        Cell which,
        double capacityPerSecond,
        double perSecond,
        double seconds,
        LoadOutcome outcome,
        Map<String, Integer> faults,
        List<Holdings> before,
        List<Holdings> after) {

    /** Which trial it was. */
    public record Cell(String bed, long seed, double seconds) {}

    public SoakTrial {
        faults = Map.copyOf(faults);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** Faults that were done, and nodes that have joined. */
    public int done() {
        return faults.entrySet().stream()
                .filter(kind -> !kind.getKey().equals(RandomFaults.FAILED))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Whether nothing was lost or wrong, and no process holds much more than it did. */
    public boolean pass() {
        return outcome.keepsAll() && !leaks(before, after);
    }

    /** Whether a process holds much more than it did. */
    static boolean leaks(List<Holdings> before, List<Holdings> after) {
        return IntStream.range(0, before.size())
                .anyMatch(process -> after.get(process).hasLeakedSince(before.get(process)));
    }
}
