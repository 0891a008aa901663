package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.transport.PieceCatalog.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Serves the weight pieces of this node. It reads files: spawn it on a dispatcher for blocking work. */
public final class PieceSource extends AbstractBehavior<PieceSource.Command> {

    private final PieceCatalog catalog;

    /** What a source is asked. */
    public sealed interface Command {}

    /**
     * Asks for bytes of a piece from an offset on.
     *
     * @param job the fetcher's number for what it is asked for, which comes back with a no
     * @param maxBytes more than {@link TransportSettings#MAX_FRAME_BYTES} are never sent at once
     * @param replyTo the fetcher itself, not an adapter of it, for the sake of its path
     */
    public record FetchChunk(long job, String sha, long offset, int maxBytes, ActorRef<ChunkReply> replyTo)
            implements Command, ControlMessage {}

    public static Behavior<Command> create(PieceCatalog catalog) {
        return Behaviors.setup(context -> new PieceSource(context, catalog));
    }

    private PieceSource(ActorContext<Command> context, PieceCatalog catalog) {
        super(context);
        context.setLoggerName(PieceSource.class);
        this.catalog = catalog;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(FetchChunk.class, this::onFetchChunk)
                .build();
    }

    private Behavior<Command> onFetchChunk(FetchChunk request) {
        request.replyTo.tell(read(request));
        return this;
    }

    private ChunkReply read(FetchChunk request) {
        try {
            Optional<Location> location = catalog.locate(request.sha);
            return location.isPresent()
                    ? read(request, location.get())
                    : new NoSuchPiece(request.job, request.sha, "the source does not hold it");
        } catch (IOException | RuntimeException e) {
            getContext().getLog().warn("piece {} cannot be read", request.sha, e);
            return new NoSuchPiece(request.job, request.sha, "the source cannot read it: " + e);
        }
    }

    private static ChunkReply read(FetchChunk request, Location location) throws IOException {
        if (request.maxBytes <= 0 || request.offset < 0 || request.offset >= location.bytes()) {
            return new NoSuchPiece(
                    request.job,
                    request.sha,
                    request.maxBytes + " bytes at offset " + request.offset + " must lie within its "
                            + location.bytes());
        }
        long left = location.bytes() - request.offset;
        int wanted = Math.min(request.maxBytes, TransportSettings.MAX_FRAME_BYTES);
        ByteBuffer target = ByteBuffer.allocate((int) Math.min(wanted, left));
        try (FileChannel channel = FileChannel.open(location.file(), StandardOpenOption.READ)) {
            long at = location.offset() + request.offset;
            while (target.hasRemaining()) {
                if (channel.read(target, at + target.position()) < 0) {
                    return new NoSuchPiece(request.job, request.sha, location.file() + " ends before it");
                }
            }
        }
        return new Chunk(request.sha, request.offset, target.array(), location.bytes());
    }
}
