package dev.tandem.actors.transport;

import dev.tandem.actors.transport.PieceSource.FetchChunk;
import dev.tandem.actors.transport.PieceStore.CorruptPiece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Brings weight pieces from another node into this node's store, one job after the other.
 *
 * <p>It writes files: spawn it on a dispatcher for blocking work. Its path must be one of the large-message
 * destinations, {@code /user/node-agent/pieces}, and chunks must come to it directly.
 */
public final class PieceFetcher extends AbstractBehavior<PieceFetcher.Command> {

    private final TimerScheduler<Command> timers;
    private final PieceStore store;
    private final Settings settings;
    private final Deque<Fetch> waiting = new ArrayDeque<>();
    private @Nullable Job job;
    private long started;

    /** What a fetcher is told. */
    public sealed interface Command permits Fetch, Cancel, ChunkReply, NoProgress {}

    /**
     * Asks for pieces that may be missing; those that are here are not fetched again.
     *
     * @param job the caller's own number, which comes back in the report
     */
    public record Fetch(long job, List<PieceRef> pieces, ActorRef<PieceSource.Command> source, ActorRef<Report> replyTo)
            implements Command {

        public Fetch {
            pieces = List.copyOf(pieces);
        }
    }

    /** Gives up all jobs of that number; no report follows, and what has arrived is kept for later. */
    public record Cancel(long job) implements Command {}

    private enum NoProgress implements Command {
        NO_PROGRESS
    }

    /** How a job has ended. */
    public sealed interface Report {

        long job();
    }

    /** All pieces of the job are in the store, verified. */
    public record Fetched(long job) implements Report {}

    /** The job has ended without all of its pieces. */
    public record FetchFailed(long job, String reason) implements Report {}

    /**
     * How chunks are asked for.
     *
     * @param chunkBytes bytes asked for at once
     * @param chunksInFlight chunks under way at a time
     * @param deadline without the next chunk, after which chunks are asked for again
     * @param retries of asking again, or of fetching a corrupt piece again, without success in between
     */
    public record Settings(int chunkBytes, int chunksInFlight, Duration deadline, int retries) {

        public static final Settings DEFAULT = new Settings(512 * 1024, 4, Duration.ofSeconds(5), 5);

        public Settings {
            if (chunkBytes <= 0 || chunkBytes > TransportSettings.MAX_FRAME_BYTES) {
                throw new IllegalArgumentException("chunkBytes (" + chunkBytes + ") must be above 0 and at most "
                        + TransportSettings.MAX_FRAME_BYTES + ", which the transport carries");
            }
            if (chunksInFlight <= 0 || retries < 0) {
                throw new IllegalArgumentException("chunksInFlight (" + chunksInFlight + ") must be above 0 and retries"
                        + " (" + retries + ") not negative");
            }
        }
    }

    public static Behavior<Command> create(PieceStore store, Settings settings) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new PieceFetcher(context, timers, store, settings)));
    }

    private PieceFetcher(
            ActorContext<Command> context, TimerScheduler<Command> timers, PieceStore store, Settings settings) {
        super(context);
        context.setLoggerName(PieceFetcher.class);
        this.timers = timers;
        this.store = store;
        this.settings = settings;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Fetch.class, this::onFetch)
                .onMessage(Cancel.class, this::onCancel)
                .onMessage(Chunk.class, this::onChunk)
                .onMessage(NoSuchPiece.class, this::onNoSuchPiece)
                .onMessageEquals(NoProgress.NO_PROGRESS, this::onNoProgress)
                .build();
    }

    private Behavior<Command> onFetch(Fetch fetch) {
        waiting.add(fetch);
        if (job == null) {
            startNext();
        }
        return this;
    }

    private Behavior<Command> onCancel(Cancel cancel) {
        waiting.removeIf(fetch -> fetch.job == cancel.job);
        if (job != null && job.fetch.job == cancel.job) {
            end();
        }
        return this;
    }

    private Behavior<Command> onChunk(Chunk chunk) {
        Job current = job;
        if (current != null && current.download != null) {
            PieceDownload download = current.download;
            guarded(current, () -> {
                if (download.accept(chunk)) {
                    current.failures = current.corrupt;
                    advance(current);
                }
            });
        }
        return this;
    }

    /** The answer may be another source's, to a job that is over; the next one may want the same piece elsewhere. */
    private Behavior<Command> onNoSuchPiece(NoSuchPiece answer) {
        Job current = job;
        if (current != null && current.number == answer.job() && current.isOn(answer.sha())) {
            fail(current, "piece " + answer.sha() + " is not to be had: " + answer.reason());
        }
        return this;
    }

    private Behavior<Command> onNoProgress() {
        Job current = job;
        if (current == null || current.download == null) {
            return this;
        }
        if (++current.failures > settings.retries) {
            fail(
                    current,
                    "piece " + current.download.piece().sha() + " got no further than byte "
                            + current.download.receivedBytes() + ": the source was silent for " + settings.deadline
                            + ", " + current.failures + " times");
        } else {
            current.download.askAgain();
            request(current, current.download);
        }
        return this;
    }

    private void startNext() {
        Fetch next = waiting.poll();
        if (next == null) {
            return;
        }
        Job starting = new Job(next, started++);
        job = starting;
        guarded(starting, () -> advance(starting));
    }

    /** Goes on with the piece under way, or with the next one that is missing. */
    private void advance(Job current) {
        PieceDownload download = current.download;
        while (download == null || download.isDone()) {
            if (download != null && !finish(current, download)) {
                return;
            }
            PieceRef piece = current.missing.poll();
            if (piece == null) {
                end(current, new Fetched(current.fetch.job));
                return;
            }
            if (store.has(piece.sha(), piece.bytes())) {
                download = null;
            } else {
                download = new PieceDownload(store, piece, settings);
            }
            current.download = download;
        }
        request(current, download);
    }

    /** Verifies a piece that has arrived; false when the job ended over it. */
    private boolean finish(Job current, PieceDownload download) {
        if (store.complete(download.piece()) instanceof CorruptPiece corrupt) {
            getContext().getLog().warn("{}", corrupt.message());
            current.missing.addFirst(download.piece());
            current.failures = ++current.corrupt;
            if (current.failures > settings.retries) {
                fail(current, corrupt.message());
                return false;
            }
        } else {
            current.corrupt = 0;
            current.failures = 0;
        }
        current.download = null;
        return true;
    }

    private void request(Job current, PieceDownload download) {
        for (long offset : download.dueOffsets()) {
            current.fetch.source.tell(new FetchChunk(
                    current.number,
                    download.piece().sha(),
                    offset,
                    settings.chunkBytes,
                    getContext().getSelf().narrow()));
        }
        timers.startSingleTimer(NoProgress.NO_PROGRESS, settings.deadline);
    }

    /** A disk that fails, or a file that somebody else has changed, ends the job and not the actor. */
    private void guarded(Job current, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            getContext().getLog().warn("pieces of job {} cannot be stored", current.fetch.job, e);
            fail(current, e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + e.getCause());
        }
    }

    private void fail(Job current, String reason) {
        end(current, new FetchFailed(current.fetch.job, reason));
    }

    private void end(Job current, Report report) {
        current.fetch.replyTo.tell(report);
        end();
    }

    private void end() {
        timers.cancel(NoProgress.NO_PROGRESS);
        job = null;
        startNext();
    }

    /** The job under way. */
    private static final class Job {

        private final Fetch fetch;
        private final long number;
        private final Deque<PieceRef> missing;
        private int failures;
        private int corrupt;
        private @Nullable PieceDownload download;

        private Job(Fetch fetch, long number) {
            this.fetch = fetch;
            this.number = number;
            this.missing = new ArrayDeque<>(fetch.pieces);
        }

        private boolean isOn(String sha) {
            return download != null && download.piece().sha().equals(sha);
        }
    }
}
