package dev.tandem.actors.gateway;

import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Dealing;
import dev.tandem.core.plan.PlanScore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** An epoch as a gateway sees it: the model's inputs and the lanes to which requests are dealt. */
final class GatewayEpoch {

    /** How long a lane that owes something may return nothing, beside that many of the plan's predicted latencies. */
    private static final Duration STALL_GRACE = Duration.ofSeconds(10);

    private static final int STALL_LATENCIES = 10;

    /** The same where another lane returns what it was given meanwhile. */
    private static final Duration SILENCE_GRACE = Duration.ofSeconds(2);

    private static final long MILLIS_PER_SECOND = 1000;

    /** Two weeks, where no end was predicted. */
    private static final double LONGEST_MILLIS = 1.2e9;

    private final GatewayMessages.Activate activation;
    private final Dealing dealing;
    private final List<LanePort> lanes;
    private final Deque<PendingRequest> backlog = new ArrayDeque<>();
    private final Pace pace = new Pace();
    private ActorRef<GatewayMessages.Reply> supervisor;
    private final Set<Integer> lost = new HashSet<>();
    private @Nullable String fault;

    GatewayEpoch(GatewayMessages.Activate activation, int frameBytes) {
        this.activation = activation;
        this.supervisor = activation.replyTo();
        this.dealing = new Dealing(activation.plan().lanes());
        this.lanes = IntStream.range(0, activation.plan().lanes().size())
                .mapToObj(lane -> new LanePort(activation, lane, frameBytes))
                .toList();
    }

    long number() {
        return activation.epoch();
    }

    GatewayMessages.Activate activation() {
        return activation;
    }

    void tell(GatewayMessages.Reply reply) {
        supervisor.tell(reply);
    }

    /** From now on another hears of this epoch, at first of what is wrong with it already. */
    void adoptedBy(ActorRef<GatewayMessages.Reply> other) {
        supervisor = other;
        if (fault != null) {
            tell(new GatewayMessages.Faulty(number(), fault));
        } else if (!lost.isEmpty()) {
            tell(new GatewayMessages.LanesLost(number(), lost));
        }
    }

    String modelDigest() {
        return activation.plan().modelDigest();
    }

    /** How fast it answers. */
    Pace pace() {
        return pace;
    }

    /** Requests that were waiting for this epoch's model when another model took its place; they are still its own. */
    Deque<PendingRequest> backlog() {
        return backlog;
    }

    /** Reports the first fault, which is enough to give an epoch up; returns whether this was it. */
    boolean becomesFaulty(String reason) {
        boolean first = fault == null;
        if (first) {
            fault = reason;
            tell(new GatewayMessages.Faulty(number(), reason));
        }
        return first;
    }

    /** Whether there is such a lane, and it has not been lost. */
    boolean hasLane(int index) {
        return index < lanes.size() && !lost.contains(index);
    }

    private Stream<LanePort> live() {
        return IntStream.range(0, lanes.size()).filter(this::hasLane).mapToObj(lanes::get);
    }

    /** The lanes left that compute on a node to which the gateway is tied, if it is of this incarnation. */
    Set<Integer> lanesOn(String node, long incarnation) {
        TetherAddress tied = activation.tethers().get(node);
        return tied == null || tied.incarnation() != incarnation
                ? Set.of()
                : IntStream.range(0, lanes.size())
                        .filter(this::hasLane)
                        .filter(lane ->
                                activation.plan().lanes().get(lane).nodes().contains(node))
                        .boxed()
                        .collect(Collectors.toSet());
    }

    /** Where the node is tied to that was there when the epoch was put in place. */
    Optional<TetherAddress> tetherOf(String node) {
        return Optional.ofNullable(activation.origin().tethers().get(node));
    }

    /** Whether no lane is left without this incarnation of a node. */
    boolean isLostWith(String node, long incarnation) {
        return tetherOf(node)
                        .filter(there -> there.incarnation() == incarnation)
                        .isPresent()
                && IntStream.range(0, lanes.size())
                        .filter(this::hasLane)
                        .allMatch(lane ->
                                activation.plan().lanes().get(lane).nodes().contains(node));
    }

    /** Whether a lane is left besides these. */
    boolean hasOthers(Set<Integer> some) {
        return IntStream.range(0, lanes.size()).anyMatch(lane -> hasLane(lane) && !some.contains(lane));
    }

    /** Deals nothing more to these lanes, and takes nothing from them; returns what they owe. */
    List<PendingRequest> lose(Set<Integer> some) {
        List<PendingRequest> owed = some.stream()
                .filter(this::hasLane)
                .flatMap(lane -> lanes.get(lane).unanswered().stream())
                .toList();
        lost.addAll(some);
        return owed;
    }

    LanePort lane(int index) {
        return lanes.get(index);
    }

    /** Payload bytes sent to other nodes so far. */
    long bytesSent() {
        return lanes.stream().mapToLong(LanePort::bytesSent).sum();
    }

    /** Requests that have come back so far. */
    long returned() {
        return lanes.stream().mapToLong(LanePort::returned).sum();
    }

    /** Time that they were away, together. */
    long awayNanos() {
        return lanes.stream().mapToLong(LanePort::awayNanos).sum();
    }

    int inFlight() {
        int inFlight = 0;
        for (int index = 0; index < lanes.size(); index++) {
            inFlight += hasLane(index) ? lanes.get(index).inFlight() : 0;
        }
        return inFlight;
    }

    /**
     * The next lane as {@link Dealing} says, among those that have room; when none with a share is left, the first that stands
     * by.
     *
     * @param all epochs of the gateway: what one that drains still has under way on a core group, a lane of this one waits for
     */
    Optional<LanePort> laneForNext(Collection<GatewayEpoch> all) {
        LanePort next = null;
        boolean hasWorking = false;
        for (int index = 0; index < lanes.size(); index++) {
            LanePort lane = lanes.get(index);
            if (hasLane(index) && !lane.isStandby()) {
                hasWorking = true;
                next = lane.hasRoom() && (next == null || isBefore(lane, next, all)) ? lane : next;
            }
        }
        return hasWorking ? Optional.ofNullable(next) : live().findFirst().filter(LanePort::hasRoom);
    }

    private boolean isBefore(LanePort lane, LanePort other, Collection<GatewayEpoch> all) {
        return dealing.isBefore(lane.standing(inFrontOf(lane, all)), other.standing(inFrontOf(other, all)));
    }

    /** Requests of other epochs that are under way on a core group of the lane. */
    private int inFrontOf(LanePort lane, Collection<GatewayEpoch> all) {
        int requests = 0;
        if (all.size() > 1) {
            for (GatewayEpoch other : all) {
                requests += other == this ? 0 : other.inFlightBeside(lane);
            }
        }
        return requests;
    }

    private int inFlightBeside(LanePort lane) {
        return live().filter(lane::sharesACoreGroupWith)
                .mapToInt(LanePort::inFlight)
                .sum();
    }

    boolean isDrained() {
        return inFlight() == 0 && backlog.isEmpty();
    }

    /** Whether nothing can become overdue before another request comes. */
    boolean isIdle() {
        return isDrained() && live().allMatch(LanePort::isIdle);
    }

    /**
     * Which lane has stopped returning what it was given, if any: frames and credit between living nodes can be lost
     * without a word, with a connection that is reset, and then nothing moves any more. A request whose deadline has passed
     * is not begun, so only the runs in progress may still be waited for.
     *
     * <p>To be asked once per tick. Ticks are counted rather than a clock read, so that a process that was paused does not
     * take its own pause for the lane's.
     *
     * @param tick between two calls
     */
    Optional<String> stall(long nowEpochMillis, Duration tick) {
        String stalled = null;
        for (int lane = 0; lane < lanes.size(); lane++) {
            lanes.get(lane).tick(nowEpochMillis);
            long graceMillis = graceMillis(STALL_GRACE, lane);
            if (hasLane(lane) && lanes.get(lane).ticksOverdue() > graceMillis / tick.toMillis()) {
                stalled = "lane " + lane + " has returned nothing for " + graceMillis + " ms, though it is overdue";
            }
        }
        return Optional.ofNullable(stalled);
    }

    private long graceMillis(Duration least, int lane) {
        double alone = activation.plan().predicted().shards().stream()
                .filter(shard -> shard.lane() == lane)
                .mapToDouble(PlanScore.ShardScore::computeSeconds)
                .sum();
        double seconds = Math.max(alone, activation.plan().predicted().latencySeconds());
        return least.toMillis() + Math.round(Math.min(LONGEST_MILLIS, MILLIS_PER_SECOND * STALL_LATENCIES * seconds));
    }

    /**
     * Lanes that have returned nothing for long of what they have under way, while others did: what was lost on its way to them
     * holds up all that follows it. After {@link #stall}.
     *
     * @param tick between two calls
     */
    Set<Integer> silent(Duration tick) {
        return IntStream.range(0, lanes.size())
                .filter(this::hasLane)
                .filter(lane -> lanes.get(lane).ticksSilent() > graceMillis(SILENCE_GRACE, lane) / tick.toMillis())
                .filter(lane -> live().anyMatch(other ->
                        other.ticksSinceReturn() < lanes.get(lane).ticksSilent()))
                .boxed()
                .collect(Collectors.toSet());
    }

    /** What this epoch still owes an answer, in flight or in its backlog. */
    List<PendingRequest> unanswered() {
        List<PendingRequest> all = new ArrayList<>();
        live().forEach(lane -> all.addAll(lane.unanswered()));
        all.addAll(backlog);
        return all;
    }

    /** What is wrong with a request's tensors, if anything. */
    Optional<String> refusal(List<Tensor> given) {
        for (TensorSpec expected : activation.inputs()) {
            TensorSpec actual = spec(given, expected.name());
            if (actual == null) {
                return Optional.of(
                        "input '" + expected.name() + "' is missing; the model takes " + activation.inputs());
            }
            if (!actual.equals(expected)) {
                return Optional.of("input '" + expected.name() + "' is " + actual.type() + actual.shape()
                        + " but must be " + expected.type() + expected.shape());
            }
        }
        return given.size() == activation.inputs().size()
                ? Optional.empty()
                : Optional.of("inputs " + given + " must be just the model's, each once: " + activation.inputs());
    }

    private static @Nullable TensorSpec spec(List<Tensor> given, String name) {
        for (Tensor tensor : given) {
            if (tensor.spec().name().equals(name)) {
                return tensor.spec();
            }
        }
        return null;
    }
}
