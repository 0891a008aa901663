package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gateway says of itself. Used by the gateway's thread alone. */
final class GatewayFigures {

    private final long startedEpochMillis = System.currentTimeMillis();
    private final RequestDesk desk;
    private final Collection<GatewayEpoch> epochs;
    private final Collection<ShardReport> reports;
    private String problem = "";

    /**
     * @param epochs that are in place, as they are whenever it is asked
     * @param reports of the active epoch's shards, likewise
     */
    GatewayFigures(RequestDesk desk, Collection<GatewayEpoch> epochs, Collection<ShardReport> reports) {
        this.desk = desk;
        this.epochs = epochs;
        this.reports = reports;
    }

    /** From now on this is what is wrong; empty for nothing. */
    void problem(String other) {
        problem = other;
    }

    /** @param interruption what is wrong where the process has not said so; empty for nothing */
    Stats stats(@Nullable GatewayEpoch active, String interruption) {
        int inFlight = epochs.stream().mapToInt(GatewayEpoch::inFlight).sum();
        int queued = desk.waiting()
                + epochs.stream().mapToInt(epoch -> epoch.backlog().size()).sum();
        return new Stats(
                startedEpochMillis,
                active == null ? 0 : active.number(),
                desk.completed(),
                desk.failed(),
                queued,
                inFlight,
                bytesHeld(),
                active == null ? 0 : active.bytesSent(),
                active == null ? 0 : active.returned(),
                active == null ? 0 : active.awayNanos(),
                List.copyOf(reports),
                problem.isEmpty() ? interruption : problem);
    }

    private long bytesHeld() {
        return desk.bytesHeld()
                + epochs.stream()
                        .flatMap(epoch -> epoch.unanswered().stream())
                        .mapToLong(PendingRequest::inputBytes)
                        .sum();
    }
}
