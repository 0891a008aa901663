package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the shards and the gateway have done over several spans of time. A shard's reports are some tenths of a second old,
 * but each is whole in itself, so that shares and bytes per inference do not suffer from it.
 */
final class ShardWork {

    private final Map<Key, Sum> shards = new HashMap<>();
    private long gatewayBytes;
    private long answered;

    private record Key(int lane, Endpoint shard) {}

    private static final class Sum {
        private String node = "";
        private long up;
        private long compute;
        private long bytes;
        private long completed;
    }

    /** Adds what was done between two answers of the same gateway; nothing when another epoch came between them. */
    void add(Stats before, Stats after) {
        if (before.epoch() != after.epoch()) {
            return;
        }
        gatewayBytes += after.bytesSent() - before.bytesSent();
        answered += after.completed() - before.completed();
        Map<Key, ShardReport> first = new HashMap<>();
        before.shards().forEach(report -> first.put(key(report), report));
        for (ShardReport report : after.shards()) {
            ShardReport earlier = first.get(key(report));
            if (earlier != null) {
                add(shards.computeIfAbsent(key(report), key -> new Sum()), earlier, report);
            }
        }
    }

    private static void add(Sum sum, ShardReport earlier, ShardReport report) {
        ToLongFunction<ToLongFunction<ShardReport>> grown =
                figure -> figure.applyAsLong(report) - figure.applyAsLong(earlier);
        sum.node = report.place().node();
        sum.up += grown.applyAsLong(ShardReport::upNanos);
        sum.compute += grown.applyAsLong(ShardReport::computeNanos);
        sum.bytes += grown.applyAsLong(ShardReport::bytesSent);
        sum.completed += grown.applyAsLong(ShardReport::completed);
    }

    /** In the order of the plan. */
    List<LiveStatus.BusyShare> busy() {
        List<LiveStatus.BusyShare> busy = new ArrayList<>();
        shards.forEach((key, sum) -> busy.add(new LiveStatus.BusyShare(
                key.lane(),
                key.shard().stage(),
                key.shard().shard(),
                sum.node,
                sum.up > 0 ? (double) sum.compute / sum.up : 0)));
        busy.sort(Comparator.comparing(LiveStatus.BusyShare::lane)
                .thenComparing(LiveStatus.BusyShare::stage)
                .thenComparing(LiveStatus.BusyShare::shard));
        return busy;
    }

    /** Payload that went from one node to another, the inputs and outputs of the model included. */
    double bytesPerInference() {
        double bytes = answered > 0 ? (double) gatewayBytes / answered : 0;
        for (Sum sum : shards.values()) {
            bytes += sum.completed > 0 ? (double) sum.bytes / sum.completed : 0;
        }
        return bytes;
    }

    private static Key key(ShardReport report) {
        return new Key(report.lane(), report.shard());
    }
}
