package dev.tandem.actors.supervisor;

import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.adapt.SpeedSample;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.CoreGroupId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes windows per core group of what the shards of an epoch report: how long their calls took beside what was predicted.
 * Used by the supervisor's thread only.
 */
final class WatchedEpoch {

    /** Less computing says too little. */
    private static final double LEAST_COMPUTED_SECONDS = 0.01;

    /** So much of the time from one hearing to the next is in a window, at the least. */
    private static final double LEAST_WALL = 0.8;

    private static final double NANOS_PER_SECOND = 1e9;

    private record Key(int lane, Endpoint shard) {}

    private final long epoch;
    private final double leastWallSeconds;
    private final Map<Key, Double> predicted;
    private final Map<Key, ShardReport> last = new HashMap<>();
    private final Map<CoreGroupId, Window> open = new HashMap<>();

    /**
     * @param asMeasured what the plan does where all core groups are as fast as they were measured
     * @param interval from one hearing to the next
     */
    WatchedEpoch(long epoch, PlanScore asMeasured, Duration interval) {
        this.leastWallSeconds = LEAST_WALL * interval.toNanos() / NANOS_PER_SECOND;
        this.epoch = epoch;
        this.predicted = asMeasured.shards().stream()
                .collect(Collectors.toMap(
                        shard -> new Key(shard.lane(), shard.shard()), PlanScore.ShardScore::computeSeconds));
    }

    /** The windows that end with these reports, by core group. */
    Map<CoreGroupId, SpeedSample> hear(List<ShardReport> reports) {
        Set<CoreGroupId> heard = new HashSet<>();
        for (ShardReport report : reports) {
            if (report.epoch() == epoch && hear(report)) {
                heard.add(report.place());
            }
        }
        Map<CoreGroupId, SpeedSample> ended = new HashMap<>();
        for (CoreGroupId group : heard) {
            SpeedSample sample = open.getOrDefault(group, new Window()).end(leastWallSeconds);
            if (sample != null) {
                ended.put(group, sample);
                open.remove(group);
            }
        }
        return ended;
    }

    /** Whether there is news in it. */
    private boolean hear(ShardReport report) {
        Key key = new Key(report.lane(), report.shard());
        ShardReport before = last.put(key, report);
        Double seconds = predicted.get(key);
        if (before == null || seconds == null || report.upNanos() <= before.upNanos()) {
            return false;
        }
        open.computeIfAbsent(report.place(), place -> new Window()).add(key, before, report, seconds);
        return true;
    }

    /** Calls of a core group's shards since the last window ended. */
    private static final class Window {
        private double predictedSeconds;
        private double computedSeconds;
        private final Map<Key, Double> wallSeconds = new HashMap<>();

        void add(Key key, ShardReport before, ShardReport now, double secondsPerCall) {
            wallSeconds.merge(key, (now.upNanos() - before.upNanos()) / NANOS_PER_SECOND, Double::sum);
            predictedSeconds += (now.completed() - before.completed()) * secondsPerCall;
            computedSeconds += (now.computeNanos() - before.computeNanos()) / NANOS_PER_SECOND;
        }

        /** Null while there is too little in it. */
        @Nullable SpeedSample end(double leastWallSeconds) {
            double wall = wallSeconds.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
            return predictedSeconds > 0 && computedSeconds >= LEAST_COMPUTED_SECONDS && wall >= leastWallSeconds
                    ? new SpeedSample(predictedSeconds, computedSeconds, wall)
                    : null;
        }
    }
}
