package dev.tandem.actors.shard;

import dev.tandem.actors.node.CoreGroupActor;
import dev.tandem.actors.node.CoreGroupThreads;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.actors.transport.PieceInbox;
import dev.tandem.actors.transport.PieceOutbox;
import dev.tandem.actors.transport.RequestStamp;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.inference.runtime.SessionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Computes one region of one segment: collects the pieces of its input, has its core group run the session, and sends
 * the pieces of its output straight to their consumers.
 *
 * <p>Requests are computed strictly in the order of their sequence. While one is computed the next are collected. A
 * request that cannot be computed travels on as a failure, so that every consumer knows of every request.
 */
public final class ShardActor extends AbstractBehavior<DataMessage> {

    private static final Duration REPORT_INTERVAL = Duration.ofMillis(250);

    /** Messages from the shard's owner, and from itself. */
    public sealed interface Command extends DataMessage {}

    /** Connects the shard: from now on frames and credit flow. */
    public record Connect(Map<Endpoint, ActorRef<DataMessage>> peers) implements Command {}

    /** Frees the session and stops, after the run in progress. */
    public enum Stop implements Command {
        STOP
    }

    /** Tells the owner how opening went. */
    public sealed interface Opened {}

    /** The session is open and warm. */
    public record Ready(int lane, Endpoint shard) implements Opened {}

    /** The session could not be opened. */
    public record NotOpened(int lane, Endpoint shard, String reason) implements Opened {}

    private record SessionOpened(ShardRuntime runtime) implements Command {}

    private record SessionRefused(String reason) implements Command {}

    private record Computed(RequestStamp stamp, long nanos, Optional<String> failure) implements Command {}

    private enum Report implements Command {
        TICK
    }

    private enum Closed implements Command {
        CLOSED
    }

    private final ShardSetup setup;
    private final CoreGroupThreads coreGroup;
    private final ActorRef<? super Opened> owner;
    private final TimerScheduler<DataMessage> timers;
    private final List<IndexedEdge> incoming;
    private final Holder holder = new Holder();
    private @Nullable ShardRuntime runtime;
    private @Nullable Connection connection;
    /** Read by the core group's thread, too: what waits there need not be computed then. */
    private volatile boolean stopping;

    private boolean faulty;

    /**
     * Opens the session beside what the core group computes, and tells the owner.
     *
     * @param sessions of the core groups' node
     */
    public static Behavior<DataMessage> create(
            ShardSetup setup, SessionPool sessions, CoreGroupThreads coreGroup, ActorRef<? super Opened> owner) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ShardActor(context, timers, setup, sessions, coreGroup, owner)));
    }

    private ShardActor(
            ActorContext<DataMessage> context,
            TimerScheduler<DataMessage> timers,
            ShardSetup setup,
            SessionPool sessions,
            CoreGroupThreads coreGroup,
            ActorRef<? super Opened> owner) {
        super(context);
        context.setLoggerName(ShardActor.class);
        this.timers = timers;
        this.setup = setup;
        this.coreGroup = coreGroup;
        this.owner = owner;
        this.incoming = IndexedEdge.into(setup.lane(), setup.endpoint());
        ActorRef<DataMessage> self = context.getSelf();
        Holder target = holder;
        coreGroup.opening().tell(new CoreGroupActor.Execute(() -> self.tell(open(setup, sessions, target))));
    }

    /** A model that needs more memory than there is must be refused; the node goes on serving others. */
    private static Command open(ShardSetup setup, SessionPool sessions, Holder holder) {
        try {
            return new SessionOpened(holder.keep(ShardRuntime.open(setup, sessions)));
        } catch (RuntimeException | OutOfMemoryError e) {
            return new SessionRefused(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Computed.class, this::onComputed)
                .onMessage(Credit.class, this::onCredit)
                .onMessage(SessionOpened.class, this::onSessionOpened)
                .onMessage(SessionRefused.class, this::onSessionRefused)
                .onMessage(Connect.class, this::onConnect)
                .onMessage(Report.class, tick -> onReport())
                .onMessage(Stop.class, stop -> onStop())
                .onMessage(Closed.class, closed -> Behaviors.stopped())
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<DataMessage> onSessionOpened(SessionOpened opened) {
        runtime = opened.runtime();
        if (stopping) {
            close(opened.runtime());
        } else {
            owner.tell(new Ready(setup.laneIndex(), setup.endpoint()));
        }
        return this;
    }

    private Behavior<DataMessage> onSessionRefused(SessionRefused refused) {
        owner.tell(new NotOpened(setup.laneIndex(), setup.endpoint(), refused.reason()));
        return Behaviors.stopped();
    }

    private Behavior<DataMessage> onConnect(Connect connect) {
        connection = new Connection(Objects.requireNonNull(runtime, "connected before it was ready"), connect.peers());
        timers.startTimerAtFixedRate(Report.TICK, REPORT_INTERVAL);
        return this;
    }

    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        if (connection == null) {
            // Cannot come about: the gateway is told to send when all shards are connected.
            getContext().getLog().warn("{} got a frame before it was connected", setup);
        } else if (isUsable()) {
            connection.inbox.accept(frame).ifPresent(broken -> fault(broken.problem() + ": " + broken.message()));
            submitReady();
        }
        return this;
    }

    private Behavior<DataMessage> onCredit(Credit credit) {
        if (connection != null && isUsable()) {
            connection.outbox.onCredit(credit).ifPresent(this::fault);
            submitReady();
        }
        return this;
    }

    private boolean isUsable() {
        return !stopping && !faulty;
    }

    private Behavior<DataMessage> onComputed(Computed computed) {
        if (connection == null || !isUsable()) {
            return this;
        }
        connection.finish(computed);
        submitReady();
        return this;
    }

    private Behavior<DataMessage> onReport() {
        if (connection != null) {
            connection.report();
        }
        return this;
    }

    private Behavior<DataMessage> onStop() {
        if (!stopping) {
            stopping = true;
            timers.cancelAll();
            if (runtime != null) {
                close(runtime);
            }
        }
        return this;
    }

    /**
     * Frees the session also when the node stops or this actor has failed. Closing waits for the run in progress, for which
     * the threads that copy frames are too few, and the core group's thread may be gone by now.
     */
    private Behavior<DataMessage> onPostStop() {
        ShardRuntime last = holder.giveUp();
        if (last != null) {
            getContext()
                    .getSystem()
                    .dispatchers()
                    .lookup(DispatcherSelector.blocking())
                    .execute(last::close);
        }
        return this;
    }

    private void close(ShardRuntime open) {
        ActorRef<DataMessage> self = getContext().getSelf();
        coreGroup.computing().tell(new CoreGroupActor.Execute(() -> {
            try {
                open.close();
            } finally {
                self.tell(Closed.CLOSED);
            }
        }));
    }

    private void submitReady() {
        Connection open = connection;
        while (open != null && isUsable() && open.canSubmit()) {
            open.submit();
        }
    }

    /** The first fault is told; after it the epoch is given up, and what still comes tells nothing new. */
    private void fault(String reason) {
        faulty = true;
        getContext().getLog().error("{}: {}", setup, reason);
        if (connection != null) {
            connection.gateway.tell(new ShardFault(setup.epoch(), setup.laneIndex(), setup.endpoint(), reason));
        }
    }

    /** Passes the session from the core group's thread to an actor that may have stopped meanwhile. */
    private static final class Holder {
        private @Nullable ShardRuntime held;
        private boolean closed;

        ShardRuntime keep(ShardRuntime opened) {
            synchronized (this) {
                held = opened;
                if (!closed) {
                    return opened;
                }
            }
            opened.close();
            return opened;
        }

        /** What is still to be closed, if anything; what is opened from now on is closed at once. */
        synchronized @Nullable ShardRuntime giveUp() {
            closed = true;
            return held;
        }
    }

    /** What a connected shard knows; used by the actor's thread only. */
    private final class Connection {
        private final ShardRuntime session;
        private final Map<Endpoint, ActorRef<DataMessage>> peers;
        private final PieceInbox inbox;
        private final PieceOutbox outbox;
        private final ActorRef<DataMessage> gateway;
        private final ActorRef<DataMessage> self = getContext().getSelf();
        private final long connectedNanos = System.nanoTime();
        private long nextToSubmit;
        private long completed;
        private long failed;
        private long computeNanos;

        Connection(ShardRuntime session, Map<Endpoint, ActorRef<DataMessage>> peers) {
            this.session = session;
            this.peers = peers;
            this.gateway = peer(Endpoint.GATEWAY);
            this.inbox = new PieceInbox(setup.epoch(), setup.laneIndex(), incoming, setup.window(), session::landing);
            this.outbox = new PieceOutbox(
                    setup.epoch(), setup.laneIndex(), destinations(), setup.window(), setup.frameBytes());
        }

        private List<PieceOutbox.Destination> destinations() {
            List<PieceOutbox.Destination> destinations = new ArrayList<>();
            for (IndexedEdge edge : IndexedEdge.outOf(setup.lane(), setup.endpoint())) {
                destinations.add(
                        new PieceOutbox.Destination(edge, peer(edge.edge().consumer())));
            }
            return destinations;
        }

        private ActorRef<DataMessage> peer(Endpoint endpoint) {
            return Objects.requireNonNull(peers.get(endpoint), () -> setup + " was not told of " + endpoint);
        }

        boolean canSubmit() {
            return inbox.isReady(nextToSubmit) && outbox.hasRoomFor(nextToSubmit);
        }

        void submit() {
            RequestStamp stamp = inbox.stamp(nextToSubmit);
            Optional<String> failure = inbox.failure(nextToSubmit);
            nextToSubmit++;
            coreGroup
                    .computing()
                    .tell(new CoreGroupActor.Execute(() -> self.tell(
                            stopping
                                    ? new Computed(stamp, 0, Optional.of("the shard is stopping"))
                                    : compute(session, stamp, failure))));
        }

        void finish(Computed computed) {
            RequestStamp stamp = computed.stamp();
            computeNanos += computed.nanos();
            if (computed.failure().isPresent()) {
                failed++;
                outbox.fail(stamp, computed.failure().get());
            } else {
                completed++;
                outbox.send(stamp, edge -> session.piece(stamp.sequence(), edge));
            }
            List<Credit> credits = inbox.release(stamp.sequence());
            for (int index = 0; index < credits.size(); index++) {
                peer(incoming.get(index).edge().producer()).tell(credits.get(index));
            }
        }

        void report() {
            gateway.tell(new ShardReport(
                    setup.epoch(),
                    setup.laneIndex(),
                    setup.endpoint(),
                    setup.shard().place(),
                    completed,
                    failed,
                    System.nanoTime() - connectedNanos,
                    computeNanos,
                    outbox.bytesSent(),
                    nextToSubmit - completed - failed));
        }
    }

    /** Runs on the core group's thread. */
    private static Computed compute(ShardRuntime session, RequestStamp stamp, Optional<String> failure) {
        if (failure.isPresent()) {
            return new Computed(stamp, 0, failure);
        }
        if (stamp.isExpired(System.currentTimeMillis())) {
            return new Computed(stamp, 0, Optional.of("the deadline passed before this stage was computed"));
        }
        long start = System.nanoTime();
        try {
            session.run(stamp.sequence());
            return new Computed(stamp, System.nanoTime() - start, Optional.empty());
        } catch (RuntimeException e) {
            return new Computed(stamp, System.nanoTime() - start, Optional.of(String.valueOf(e.getMessage())));
        }
    }
}
