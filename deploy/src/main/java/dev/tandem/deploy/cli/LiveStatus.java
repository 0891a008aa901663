package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.wiring.ServedModel;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The text of the live progress line: how many, how fast, and how busy each shard is. Shards are asked now and then in
 * the background; their share is that of the time since they were connected, shortly before the first request.
 */
final class LiveStatus {

    private static final Stats NO_STATS = new Stats(0, 0, 0, 0, 0, 0, 0, 0, List.of());
    private static final long ANSWER_SECONDS = 2;

    private final ServedModel model;
    private final int total;
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

    /** The shares as of now, in the order of the plan; the last known ones where there is no answer in time. */
    List<BusyShare> busy() {
        asked = model.stats().toCompletableFuture();
        asked.completeOnTimeout(NO_STATS, ANSWER_SECONDS, TimeUnit.SECONDS)
                .handle((stats, failure) -> stats)
                .join();
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
        double share = report.upNanos() > 0 ? (double) report.computeNanos() / report.upNanos() : 0;
        return new BusyShare(
                report.lane(),
                report.shard().stage(),
                report.shard().shard(),
                report.place().node(),
                share);
    }
}
