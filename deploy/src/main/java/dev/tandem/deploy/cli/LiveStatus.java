package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.wiring.ServedModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The text of the live progress line: how many, how fast, and how busy each shard is. Shards are asked now and then in
 * the background; their share is that of the time since they were first asked.
 */
final class LiveStatus {

    private final ServedModel model;
    private final int total;
    private final Map<String, ShardReport> first = new HashMap<>();
    private CompletableFuture<Stats> asked;
    private List<BusyShare> busy = List.of();

    LiveStatus(ServedModel model, int total) {
        this.model = model;
        this.total = total;
        this.asked = model.stats().toCompletableFuture();
    }

    /** How much of the time a shard has computed; 1 is all of it. */
    record BusyShare(int lane, int stage, int shard, String node, double share) {}

    String text(LoadFigures figures) {
        refresh();
        StringBuilder text = new StringBuilder();
        text.append(figures.requests()).append('/').append(total);
        text.append("  ").append(Figures.digits(figures.throughputPerSecond())).append(" per s");
        text.append("  p50 ").append(Figures.millis(figures.p50Seconds()));
        text.append(" ms  p99 ").append(Figures.millis(figures.p99Seconds())).append(" ms  busy");
        busy.forEach(
                share -> text.append(' ').append(Figures.percent(share.share()).replace(" ", "")));
        return text.toString();
    }

    /** The last known shares, in the order of the plan. */
    List<BusyShare> busy() {
        refresh();
        return busy;
    }

    private void refresh() {
        if (!asked.isDone()) {
            return;
        }
        if (!asked.isCompletedExceptionally()) {
            busy = shares(asked.join());
        }
        asked = model.stats().toCompletableFuture();
    }

    private List<BusyShare> shares(Stats stats) {
        return stats.shards().stream()
                .filter(report -> report.epoch() == stats.epoch())
                .sorted(Comparator.comparing(ShardReport::lane)
                        .thenComparing(report -> report.shard().stage())
                        .thenComparing(report -> report.shard().shard()))
                .map(this::share)
                .toList();
    }

    private BusyShare share(ShardReport report) {
        Endpoint place = report.shard();
        ShardReport start = first.computeIfAbsent(report.epoch() + "/" + report.lane() + "/" + place, key -> report);
        long up = report.upNanos() - start.upNanos();
        long computed = report.computeNanos() - start.computeNanos();
        double share = up > 0 ? (double) computed / up : 0;
        return new BusyShare(
                report.lane(), place.stage(), place.shard(), report.place().node(), share);
    }
}
