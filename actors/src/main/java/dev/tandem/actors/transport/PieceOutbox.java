package dev.tandem.actors.transport;

import dev.tandem.actors.transport.TensorFrame.View;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The producing end of a lane's edges: sends the pieces of one request after the other and counts what comes back.
 *
 * <p>A request's buffers are in use until every consumer has given its credit back; at most {@code window} requests are.
 * Threading: one thread at a time.
 */
public final class PieceOutbox {

    private final Route[] routes;
    private final List<Outgoing> edges = new ArrayList<>();
    private final int window;
    private final int frameBytes;
    private final LongAdder bytesSent = new LongAdder();
    private long next;

    /** An edge and who consumes it. */
    public record Destination(IndexedEdge edge, ActorRef<DataMessage> consumer) {}

    /** A producer for these destinations. */
    public PieceOutbox(long epoch, int lane, List<Destination> destinations, int window, int frameBytes) {
        this.window = window;
        this.frameBytes = frameBytes;
        this.routes = destinations.stream()
                .map(destination -> new Route(epoch, lane, destination.edge().index()))
                .toArray(Route[]::new);
        destinations.forEach(destination -> edges.add(new Outgoing(destination)));
    }

    /** Whether the buffers of another request are free. */
    public boolean hasRoom() {
        return hasRoomFor(next);
    }

    /** Whether the buffers of the request with this sequence are free. */
    public boolean hasRoomFor(long sequence) {
        return sequence - oldestInUse() < window;
    }

    /** Sequence of the oldest request whose buffers a consumer may still read. */
    public long oldestInUse() {
        long oldest = next;
        for (int index = 0; index < edges.size(); index++) {
            oldest = Math.min(oldest, edges.get(index).credited);
        }
        return oldest;
    }

    /** Payload bytes that have been written for other nodes so far, coded as they travel. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /**
     * Sends the request's pieces.
     *
     * @param pieces by edge what is to be sent: the edge's region of its tensor
     */
    public void send(RequestStamp stamp, Function<IndexedEdge, RegionView> pieces) {
        expect(stamp);
        for (int index = 0; index < edges.size(); index++) {
            Outgoing edge = edges.get(index);
            RegionView piece = pieces.apply(edge.destination.edge());
            sendPiece(edge, header(routes[index], stamp, piece), piece);
        }
    }

    /** Tells every consumer that it will get no piece of this request. */
    public void fail(RequestStamp stamp, String reason) {
        expect(stamp);
        for (int index = 0; index < edges.size(); index++) {
            Outgoing edge = edges.get(index);
            FrameHeader header = FrameHeader.of(
                    routes[index],
                    stamp.request(),
                    stamp.sequence(),
                    stamp.deadlineEpochMillis(),
                    edge.destination.edge().edge().region());
            edge.destination.consumer().tell(TensorFrame.failed(header, reason));
        }
    }

    /**
     * Takes credit back; present is what was wrong with it: a message was lost or is not meant for this producer, and the
     * edge can no longer be used. Nothing is thrown, because who takes credit from the wire must outlive what is wrong
     * with it.
     */
    public Optional<String> onCredit(Credit credit) {
        for (int index = 0; index < edges.size(); index++) {
            if (routes[index].equals(credit.route())) {
                return edges.get(index).onCredit(credit, next);
            }
        }
        return Optional.of("credit for " + credit.route() + ", which does not start here");
    }

    private void expect(RequestStamp stamp) {
        if (stamp.sequence() != next || !hasRoom()) {
            throw new IllegalStateException("request " + stamp.sequence() + " must be number " + next
                    + ", with at most " + window + " before it that are not credited");
        }
        next++;
    }

    private static FrameHeader header(Route route, RequestStamp stamp, RegionView piece) {
        return FrameHeader.of(route, stamp.request(), stamp.sequence(), stamp.deadlineEpochMillis(), piece.viewed());
    }

    /** To a consumer in this JVM the whole piece goes by reference; to others in frames, coded as the plan says. */
    private void sendPiece(Outgoing edge, FrameHeader header, RegionView piece) {
        ActorRef<DataMessage> consumer = edge.destination.consumer();
        boolean local = consumer.path().address().hasLocalScope();
        Codec codec = local ? Codec.EXACT : edge.destination.edge().edge().codec();
        TensorFrame.frames(header.coded(codec), new View(piece, bytesSent), local ? Integer.MAX_VALUE : frameBytes)
                .forEach(consumer::tell);
    }

    private static final class Outgoing {
        private final Destination destination;
        private long credited;

        Outgoing(Destination destination) {
            this.destination = destination;
        }

        Optional<String> onCredit(Credit credit, long sent) {
            if (credit.sequence() != credited || credited >= sent) {
                return Optional.of("credit for request " + credit.sequence() + " of " + credit.route()
                        + " must be for request " + credited + " of " + sent + " sent");
            }
            credited++;
            return Optional.empty();
        }
    }
}
