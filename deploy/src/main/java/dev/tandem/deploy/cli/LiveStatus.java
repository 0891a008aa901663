package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.wiring.ServedModel;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The text of the live progress line: how many, how fast, and how busy each shard is. Shards are asked now and then in
 * the background; their share is that of the time since they were connected, shortly before the first request.
 */
final class LiveStatus {

    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORT_WAIT_MILLIS = 200;
    private static final long ANSWER_MILLIS = 2_000;

    private final ServedModel model;
    private final int total;
    private CompletableFuture<Stats> asked;
    private long askedNanos = System.nanoTime();
    private List<BusyShare> busy = List.of();

    LiveStatus(ServedModel model, int total) {
        this.model = model;
        this.total = total;
        this.asked = model.stats().toCompletableFuture();
    }

    /** How much of the time a shard has computed; 1 is all of it. */
    record BusyShare(int lane, int stage, int shard, String node, double share) {}

    String text(LoadFigures figures) {
        if (System.nanoTime() - askedNanos > STALE_NANOS) {
            // Lines far apart, as in a log: the answer to a question of the last line would tell what was then.
            ask(SHORT_WAIT_MILLIS);
        }
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
        ask(ANSWER_MILLIS);
        refresh();
        return busy;
    }

    private void ask(long waitMillis) {
        ask();
        try {
            var unused = asked.get(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The last known shares stay.
        }
    }

    private void ask() {
        asked = model.stats().toCompletableFuture();
        askedNanos = System.nanoTime();
    }

    private void refresh() {
        if (!asked.isDone()) {
            return;
        }
        if (!asked.isCompletedExceptionally()) {
            busy = shares(asked.join());
        }
        ask();
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
