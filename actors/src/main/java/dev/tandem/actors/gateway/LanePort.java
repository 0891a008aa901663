package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.actors.transport.PieceAssembler.Broken;
import dev.tandem.actors.transport.PieceInbox;
import dev.tandem.actors.transport.PieceOutbox;
import dev.tandem.actors.transport.RequestStamp;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Dealing;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.core.topology.CoreGroupId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A gateway's end of one lane of an epoch: gives each request its sequence, sends the model's inputs to the shards that
 * need them, and puts the model's outputs together. Used by the gateway's thread only.
 */
final class LanePort {

    private final long epoch;
    private final int index;
    private final Lane lane;
    private final Set<CoreGroupId> places;
    private final Map<Endpoint, ActorRef<DataMessage>> shards;
    private final Map<String, TensorSpec> outputs;
    private final List<IndexedEdge> incoming;
    private final PieceOutbox outbox;
    private final PieceInbox inbox;
    private final Deque<PendingRequest> inFlight = new ArrayDeque<>();
    private final Deque<Long> sentNanos = new ArrayDeque<>();
    private final Map<Long, Map<String, ByteBuffer>> landings = new HashMap<>();
    private long nextToSend;
    private long nextToComplete;
    private long awayNanos;
    private long progressAtTick;
    private int ticksOverdue;
    private int ticksSilent;
    private int ticksSinceReturn;

    /**
     * A request with its outputs, or the reason why there are none.
     *
     * @param awayNanos since it was sent
     */
    record Outcome(PendingRequest request, List<Tensor> outputs, Optional<String> failure, long awayNanos) {}

    LanePort(GatewayMessages.Activate activate, int laneIndex, int frameBytes) {
        this.epoch = activate.epoch();
        this.index = laneIndex;
        this.lane = activate.plan().lanes().get(laneIndex);
        this.places = lane.stages().stream()
                .flatMap(stage -> stage.shards().stream())
                .map(Shard::place)
                .collect(Collectors.toSet());
        this.shards = activate.shards().stream()
                .filter(shard -> shard.lane() == laneIndex)
                .collect(Collectors.toMap(ShardRef::shard, ShardRef::ref));
        this.outputs = new LinkedHashMap<>(activate.outputs().stream()
                .collect(Collectors.toMap(TensorSpec::name, Function.identity(), (a, b) -> a, LinkedHashMap::new)));
        this.incoming = IndexedEdge.into(lane, Endpoint.GATEWAY);
        this.outbox = new PieceOutbox(epoch, laneIndex, destinations(), activate.window(), frameBytes);
        this.inbox = new PieceInbox(epoch, laneIndex, incoming, activate.window(), this::land);
    }

    /**
     * For comparison with other lanes of the epoch.
     *
     * @param inFront requests of other epochs that its core groups have to compute
     */
    Dealing.Standing standing(int inFront) {
        return new Dealing.Standing(index, inFront + inFlight.size(), nextToSend);
    }

    boolean sharesACoreGroupWith(LanePort other) {
        return !Collections.disjoint(places, other.places);
    }

    boolean isStandby() {
        return lane.isStandby();
    }

    int inFlight() {
        return inFlight.size();
    }

    /** Payload bytes sent to other nodes so far. */
    long bytesSent() {
        return outbox.bytesSent();
    }

    /** Requests that have come back so far. */
    long returned() {
        return nextToComplete;
    }

    /** Time that they were away, together. */
    long awayNanos() {
        return awayNanos;
    }

    boolean hasRoom() {
        return outbox.hasRoom();
    }

    /** Requests that have not come back yet, oldest first. */
    List<PendingRequest> unanswered() {
        return inFlight.stream().filter(request -> !request.isAnswered()).toList();
    }

    /** Looks at what has come back since the last tick; see {@link #ticksOverdue} and {@link #ticksSilent}. */
    void tick(long nowEpochMillis) {
        PendingRequest oldest = inFlight.peekFirst();
        boolean overdue = outbox.oldestInUse() < nextToComplete || (oldest != null && oldest.isExpired(nowEpochMillis));
        long progress = nextToComplete + outbox.oldestInUse();
        boolean returns = progress != progressAtTick;
        progressAtTick = progress;
        ticksOverdue = overdue && !returns ? ticksOverdue + 1 : 0;
        ticksSilent = oldest != null && !returns ? ticksSilent + 1 : 0;
        ticksSinceReturn = returns ? 0 : ticksSinceReturn + 1;
    }

    /**
     * How many ticks in a row have found the lane overdue with nothing come back. Overdue is a request past its deadline, and
     * credit for the inputs of a request that has come back: whoever needed them has used them by then.
     */
    int ticksOverdue() {
        return ticksOverdue;
    }

    /** How many ticks in a row have found something under way of which nothing has come back. */
    int ticksSilent() {
        return ticksSilent;
    }

    /** How many ticks ago something has come back. */
    int ticksSinceReturn() {
        return ticksSinceReturn;
    }

    /** Whether everything has come back, credit included. */
    boolean isIdle() {
        return inFlight.isEmpty() && outbox.oldestInUse() == nextToSend;
    }

    void send(PendingRequest request) {
        RequestStamp stamp = new RequestStamp(request.request(), nextToSend++, request.deadlineEpochMillis());
        inFlight.addLast(request);
        sentNanos.addLast(System.nanoTime());
        outbox.send(stamp, edge -> {
            Tensor input = request.input(edge.edge().tensor());
            return new RegionView(
                    input.bytes(), input.spec(), Region.WHOLE, edge.edge().region());
        });
    }

    Optional<Broken> accept(TensorFrame frame) {
        return inbox.accept(frame);
    }

    /** Takes credit back; present is what was wrong with it. */
    Optional<String> onCredit(Credit credit) {
        return outbox.onCredit(credit);
    }

    /** Takes the next request that has come back, if any, and gives credit for its pieces. */
    Optional<Outcome> poll() {
        if (inFlight.isEmpty() || !inbox.isReady(nextToComplete)) {
            return Optional.empty();
        }
        Optional<String> failure = inbox.failure(nextToComplete);
        Map<String, ByteBuffer> landed = Objects.requireNonNull(landings.remove(nextToComplete));
        List<Credit> credits = inbox.release(nextToComplete);
        for (int index = 0; index < credits.size(); index++) {
            shard(incoming.get(index).edge().producer()).tell(credits.get(index));
        }
        nextToComplete++;
        long away = System.nanoTime() - sentNanos.removeFirst();
        awayNanos += away;
        PendingRequest request = inFlight.removeFirst();
        return Optional.of(new Outcome(request, failure.isPresent() ? List.of() : tensors(landed), failure, away));
    }

    private List<Tensor> tensors(Map<String, ByteBuffer> landed) {
        return outputs.values().stream()
                .map(spec -> Tensor.of(spec, Objects.requireNonNull(landed.get(spec.name()), spec.name())))
                .toList();
    }

    private Map<Integer, RegionView> land(long sequence) {
        Map<String, ByteBuffer> buffers = new HashMap<>();
        outputs.values()
                .forEach(spec -> buffers.put(
                        spec.name(),
                        ByteBuffer.allocate(Math.toIntExact(spec.bytes())).order(ByteOrder.nativeOrder())));
        landings.put(sequence, buffers);
        Map<Integer, RegionView> views = new HashMap<>();
        for (IndexedEdge edge : incoming) {
            String tensor = edge.edge().tensor();
            ByteBuffer buffer = Objects.requireNonNull(buffers.get(tensor), tensor);
            TensorSpec spec = Objects.requireNonNull(outputs.get(tensor), tensor);
            views.put(
                    edge.index(),
                    new RegionView(buffer, spec, Region.WHOLE, edge.edge().region()));
        }
        return views;
    }

    private List<PieceOutbox.Destination> destinations() {
        List<PieceOutbox.Destination> destinations = new ArrayList<>();
        for (IndexedEdge edge : IndexedEdge.outOf(lane, Endpoint.GATEWAY)) {
            destinations.add(new PieceOutbox.Destination(edge, shard(edge.edge().consumer())));
        }
        return destinations;
    }

    private ActorRef<DataMessage> shard(Endpoint endpoint) {
        return Objects.requireNonNull(shards.get(endpoint), () -> "no shard " + endpoint + " in epoch " + epoch);
    }
}
