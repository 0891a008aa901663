package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterStatus.GatewayStatus;
import dev.tandem.actors.protocol.ClusterStatus.ShardPlace;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What counters say of the time between two looks at a cluster. */
final class StatusRates {

    private static final double NANOS = 1e9;

    /**
     * A gateway process has a gateway for each model.
     *
     * @param startedEpochMillis tells those apart that serve nothing; of others it is 0
     */
    record GatewayKey(String name, String model, long startedEpochMillis) {

        static GatewayKey serving(String name, String model) {
            return new GatewayKey(name, model, 0);
        }

        static GatewayKey of(GatewayStatus gateway, Stats stats) {
            return gateway.model().isEmpty()
                    ? new GatewayKey(gateway.name(), "", stats.startedEpochMillis())
                    : serving(gateway.name(), gateway.model());
        }
    }

    private record ShardKey(long epoch, int lane, Endpoint shard) {}

    /**
     * @param busyShare of the time in which the shard has computed; 1 is all of it
     * @param secondsPerCall null when there was none
     */
    record ShardRate(double requestsPerSecond, double busyShare, @Nullable Double secondsPerCall, long queue) {}

    private final double spanSeconds;
    private final Map<GatewayKey, Stats> before;
    private final Map<GatewayKey, Stats> after;
    private final Map<ShardKey, ShardReport> shardsBefore;
    private final Map<ShardKey, ShardReport> shardsAfter;

    StatusRates(ClusterStatus before, ClusterStatus after) {
        this.spanSeconds = Math.max(1, after.takenEpochMillis() - before.takenEpochMillis()) / 1e3;
        this.before = stats(before);
        this.after = stats(after);
        this.shardsBefore = shards(this.before);
        this.shardsAfter = shards(this.after);
    }

    double spanSeconds() {
        return spanSeconds;
    }

    /** Null when the gateway did not answer both times, or has been started again between. */
    @Nullable Double completedPerSecond(GatewayKey gateway) {
        return perSecond(gateway, Stats::completed);
    }

    /** Null when the gateway did not answer both times, or has been started again between. */
    @Nullable Double failedPerSecond(GatewayKey gateway) {
        return perSecond(gateway, Stats::failed);
    }

    /** Of a request with the shards of an epoch, the mean; null where that is not known or there was none. */
    @Nullable Double secondsAway(GatewayKey gateway, long epoch) {
        Stats first = before.get(gateway);
        Stats last = after.get(gateway);
        return first == null
                        || last == null
                        || first.epoch() != epoch
                        || last.epoch() != epoch
                        || last.returned() <= first.returned()
                ? null
                : (last.awayNanos() - first.awayNanos()) / NANOS / (last.returned() - first.returned());
    }

    private @Nullable Double perSecond(GatewayKey gateway, ToLongFunction<Stats> counter) {
        Stats first = before.get(gateway);
        Stats last = after.get(gateway);
        return first == null || last == null || first.startedEpochMillis() != last.startedEpochMillis()
                ? null
                : (counter.applyAsLong(last) - counter.applyAsLong(first)) / spanSeconds;
    }

    /** Null when the shard has not reported; of one that is new the whole of its time counts. */
    @Nullable ShardRate shard(long epoch, ShardPlace place) {
        ShardKey key = new ShardKey(epoch, place.lane(), new Endpoint(place.stage(), place.shard()));
        ShardReport last = shardsAfter.get(key);
        if (last == null) {
            return null;
        }
        ShardReport first = shardsBefore.get(key);
        return first != null && first.upNanos() < last.upNanos()
                ? rate(last, first.upNanos(), first.computeNanos(), first.completed())
                : rate(last, 0, 0, 0);
    }

    private static ShardRate rate(ShardReport last, long upNanos, long computeNanos, long completed) {
        double nanos = Math.max(1, last.upNanos() - upNanos);
        return new ShardRate(
                (last.completed() - completed) * NANOS / nanos,
                Math.min(1, (last.computeNanos() - computeNanos) / nanos),
                last.completed() > completed
                        ? (last.computeNanos() - computeNanos) / NANOS / (last.completed() - completed)
                        : null,
                last.queued());
    }

    private static Map<GatewayKey, Stats> stats(ClusterStatus status) {
        Map<GatewayKey, Stats> stats = new HashMap<>();
        for (GatewayStatus gateway : status.gateways()) {
            gateway.stats().ifPresent(said -> stats.put(GatewayKey.of(gateway, said), said));
        }
        return stats;
    }

    private static Map<ShardKey, ShardReport> shards(Map<GatewayKey, Stats> gateways) {
        Map<ShardKey, ShardReport> shards = new HashMap<>();
        gateways.values().forEach(stats -> stats.shards()
                .forEach(report -> shards.put(new ShardKey(report.epoch(), report.lane(), report.shard()), report)));
        return shards;
    }
}
