package dev.tandem.actors.transport;

import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceAssembler.Complete;
import dev.tandem.actors.transport.PieceAssembler.Failed;
import dev.tandem.actors.transport.PieceAssembler.Result;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.codec.FrameDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The consuming end of a lane's edges: collects the pieces of up to {@code window} requests at a time.
 *
 * <p>Requests come on every edge in the order of their sequence. A request is ready when every edge has brought its
 * piece, or word that there will be none. Threading: one thread at a time.
 */
public final class PieceInbox {

    private final long epoch;
    private final int lane;
    private final int window;
    private final Landing landing;
    private final Map<Integer, Incoming> edges = new LinkedHashMap<>();
    private final Map<Long, Arrival> arrivals = new HashMap<>();
    private final FrameDecoder decoder = new FrameDecoder();
    private long released;

    /** Where the pieces of a request go. */
    public interface Landing {
        /**
         * Called when the first frame of a request arrives.
         *
         * @return by edge index the view into which the edge's piece is to be put
         */
        Map<Integer, RegionView> open(long sequence);
    }

    /**
     * A consumer of these edges.
     *
     * @param window requests that may be collected at a time
     */
    public PieceInbox(long epoch, int lane, List<IndexedEdge> incoming, int window, Landing landing) {
        this.epoch = epoch;
        this.lane = lane;
        this.window = window;
        this.landing = landing;
        incoming.forEach(edge -> edges.put(
                edge.index(),
                new Incoming(new Route(epoch, lane, edge.index()), edge.edge().codec())));
    }

    /** Takes a frame; present is what was wrong with it: the edge is broken then and can no longer be used. */
    public Optional<Broken> accept(TensorFrame frame) {
        Route route = frame.header().route();
        Incoming incoming = edges.get(route.edge());
        if (incoming == null || route.epoch() != epoch || route.lane() != lane) {
            return Optional.of(new Broken(FrameProblem.WRONG_EDGE, route + " does not end here"));
        }
        if (incoming.next >= released + window) {
            return Optional.of(new Broken(
                    FrameProblem.OVERSIZED, route + ": more than " + window + " requests were sent without credit"));
        }
        Arrival arrival = arrivals.computeIfAbsent(incoming.next, this::open);
        Result result = incoming.assembler(arrival, decoder).accept(frame);
        if (result instanceof Broken broken) {
            return Optional.of(broken);
        }
        if (result instanceof Complete || result instanceof Failed) {
            arrival.pieceArrived(frame.header(), result);
            incoming.advance();
        }
        return Optional.empty();
    }

    /** Whether every edge has brought the request's piece, or word that there will be none. */
    public boolean isReady(long sequence) {
        Arrival arrival = arrivals.get(sequence);
        return edges.isEmpty() || (arrival != null && arrival.missing == 0);
    }

    /**
     * Who asks; only of a ready request.
     *
     * @throws IllegalStateException when the request is not ready
     */
    public RequestStamp stamp(long sequence) {
        Arrival arrival = arrivals.get(sequence);
        if (arrival == null || arrival.stamp == null) {
            throw new IllegalStateException("request " + sequence + " of epoch " + epoch + " is not ready");
        }
        return arrival.stamp;
    }

    /** Why an input of the request could not be computed, if so. */
    public Optional<String> failure(long sequence) {
        Arrival arrival = arrivals.get(sequence);
        return arrival == null ? Optional.empty() : Optional.ofNullable(arrival.failure);
    }

    /**
     * Forgets a request whose pieces have been used and makes room for another.
     *
     * @return by edge the credit that its producer is to get
     */
    public List<Credit> release(long sequence) {
        if (sequence != released) {
            throw new IllegalStateException("request " + sequence + " must be released after " + (released - 1));
        }
        arrivals.remove(sequence);
        released++;
        List<Credit> credits = new ArrayList<>(edges.size());
        for (Incoming edge : edges.values()) {
            credits.add(new Credit(edge.route, sequence));
        }
        return credits;
    }

    private Arrival open(long sequence) {
        return new Arrival(landing.open(sequence), edges.size());
    }

    /** One edge: which request its next frame must belong to. */
    private static final class Incoming {
        private final Route route;
        private final Codec codec;
        private long next;
        private @Nullable PieceAssembler assembler;

        Incoming(Route route, Codec codec) {
            this.route = route;
            this.codec = codec;
        }

        PieceAssembler assembler(Arrival arrival, FrameDecoder decoder) {
            if (assembler == null) {
                RegionView target = arrival.targets.get(route.edge());
                if (target == null) {
                    throw new IllegalStateException("no place for the pieces of " + route);
                }
                assembler = new PieceAssembler(route, next, target, codec, decoder);
            }
            return assembler;
        }

        void advance() {
            next++;
            assembler = null;
        }
    }

    /** One request: what of it has come. */
    private static final class Arrival {
        private final Map<Integer, RegionView> targets;
        private int missing;
        private @Nullable RequestStamp stamp;
        private @Nullable String failure;

        Arrival(Map<Integer, RegionView> targets, int missing) {
            this.targets = targets;
            this.missing = missing;
        }

        void pieceArrived(FrameHeader header, Result result) {
            missing--;
            stamp = new RequestStamp(header.request(), header.sequence(), header.deadlineEpochMillis());
            if (result instanceof Failed failed && failure == null) {
                failure = failed.reason();
            }
        }
    }
}
