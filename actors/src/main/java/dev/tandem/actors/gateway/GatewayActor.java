package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Adopt;
import dev.tandem.actors.gateway.GatewayMessages.Claim;
import dev.tandem.actors.gateway.GatewayMessages.Claimed;
import dev.tandem.actors.gateway.GatewayMessages.Command;
import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.gateway.GatewayMessages.Origin;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.gateway.GatewayMessages.Recall;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.Route;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Endpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's door for requests: queues them within bounds, deals them to the active epoch's lanes, and answers each
 * exactly once.
 *
 * <p>It must be spawned under the guardian as {@link #NAME}, or a name that begins with {@link #ANOTHER} where a process has
 * several: the large-message channel is chosen by that path.
 */
public final class GatewayActor extends AbstractBehavior<DataMessage> {

    /** Name under the guardian. */
    public static final String NAME = "gateway";

    /** Beginning of the names of further gateways of a process. */
    public static final String ANOTHER = NAME + "-";

    private static final Duration DEADLINE_TICK = Duration.ofMillis(50);
    private static final Duration ANNOUNCE_INTERVAL = Duration.ofMillis(500);

    /**
     * Bounds of a gateway.
     *
     * @param queueCapacity requests that may wait for room in a lane
     * @param maxInFlight requests that an epoch may have under way
     * @param frameBytes largest payload of a frame
     */
    public record Limits(int queueCapacity, int maxInFlight, int frameBytes) {}

    /** From this process: other bounds from now on; what is there already stays. */
    public record Bound(Limits limits) implements DataMessage {}

    /** From this process: why it does not serve what it should, for whoever looks at it; empty when it does. */
    public record Problem(String reason) implements DataMessage {}

    /** From this process: nothing is served here any more; what is left hears so, and the gateway ends. */
    public enum Close implements DataMessage {
        CLOSE
    }

    /** Ties this member to nodes, so that their loss is noticed at once. */
    public interface Tether {

        /** One user more of the tether to that node. */
        void connect(String node, TetherAddress at);

        /** One user less; the last one lets go. */
        void release(String node);

        /**
         * Has a listener hear from now on of tethers that are lost: the node, and which incarnation of it.
         *
         * @param listener called by another thread; must not block
         * @return has it hear no more
         */
        Runnable onLost(BiConsumer<String, Long> listener);
    }

    /**
     * Where a gateway sits.
     *
     * @param name of its member as an end of links
     * @param probe of its member
     * @param supervisor hears again and again what this gateway stands for
     */
    public record Seat(
            String name,
            ActorRef<LinkProbe.Command> probe,
            ActorRef<SupervisorMessages.Command> supervisor,
            Tether tether) {}

    private record TetherLost(String peer, long incarnation) implements DataMessage {}

    private enum Tick implements DataMessage {
        TICK
    }

    private enum AnnounceAgain implements DataMessage {
        TICK
    }

    private record ReportKey(int lane, Endpoint shard) {}

    private final TimerScheduler<DataMessage> timers;
    private final Seat seat;
    private final Standing standing;
    private final RequestDesk desk;
    private final Map<Long, GatewayEpoch> epochs = new HashMap<>();
    private final Map<ReportKey, ShardReport> reports = new HashMap<>();
    private @Nullable GatewayEpoch active;
    private boolean epochFollows;
    private String idleReason = "no model has been deployed";
    private final GatewayFigures figures;
    private final Runnable deafTether;

    /** A gateway that serves nothing yet. */
    public static Behavior<DataMessage> create(Limits limits, Seat seat) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(AnnounceAgain.TICK, Duration.ZERO, ANNOUNCE_INTERVAL);
            return new GatewayActor(context, timers, limits, seat);
        }));
    }

    private GatewayActor(
            ActorContext<DataMessage> context, TimerScheduler<DataMessage> timers, Limits limits, Seat seat) {
        super(context);
        context.setLoggerName(GatewayActor.class);
        this.timers = timers;
        this.desk = new RequestDesk(limits, epochs.values());
        this.figures = new GatewayFigures(desk, epochs.values(), reports.values());
        this.seat = seat;
        this.standing = new Standing(new GatewayRef(seat.name(), context.getSelf(), seat.probe()));
        ActorRef<DataMessage> self = context.getSelf();
        this.deafTether = seat.tether().onLost((peer, incarnation) -> self.tell(new TetherLost(peer, incarnation)));
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, this::onFrame)
                .onMessage(Credit.class, this::onCredit)
                .onMessage(ShardReport.class, this::onShardReport)
                .onMessage(ShardFault.class, this::onShardFault)
                .onMessage(TetherLost.class, this::onTetherLost)
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(AnnounceAgain.class, tick -> announce())
                .onMessage(Bound.class, this::onBound)
                .onMessage(Problem.class, this::onProblem)
                .onMessage(Close.class, close -> Behaviors.stopped())
                .onMessage(Command.class, this::onCommand)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<DataMessage> onBound(Bound bound) {
        desk.bound(bound.limits());
        deal();
        return this;
    }

    /** Others of this process may still need the tethers, and nobody else answers what is left. */
    private Behavior<DataMessage> onPostStop() {
        deafTether.run();
        epochs.values().forEach(this::release);
        epochs.values().forEach(epoch -> desk.queueAgain(epoch.unanswered()));
        desk.failAll(ErrorCode.PIPELINE_LOST, "the gateway has ended");
        return this;
    }

    private Behavior<DataMessage> onCommand(Command command) {
        if (command instanceof Infer infer) {
            return onInfer(infer);
        } else if (command instanceof Activate activate) {
            return onActivate(activate);
        } else if (command instanceof Abandon abandon) {
            return onAbandon(abandon);
        } else if (command instanceof DropLanes drop) {
            return onDropLanes(drop);
        } else if (command instanceof Describe describe) {
            return onDescribe(describe);
        }
        return onSupervisorChange(command);
    }

    private Behavior<DataMessage> announce() {
        seat.supervisor().tell(standing.announcement(active, epochs.values()));
        return this;
    }

    private Behavior<DataMessage> onSupervisorChange(Command command) {
        if (command instanceof Recall recall) {
            recall.replyTo().tell(standing.holdings(active, epochs.values()));
        } else if (command instanceof Adopt adopt) {
            GatewayEpoch epoch = epochs.get(adopt.epoch());
            if (epoch == null) {
                adopt.replyTo().tell(new Drained(adopt.epoch()));
            } else {
                epoch.adoptedBy(adopt.replyTo());
            }
        } else if (command instanceof Claim claim) {
            standing.hasHeardOf(claim.epoch());
            claim.replyTo().tell(new Claimed(claim.epoch(), epochs.containsKey(claim.epoch())));
        }
        return this;
    }

    private Behavior<DataMessage> onInfer(Infer infer) {
        boolean serves = active != null || epochFollows;
        if (!(serves ? desk.take(infer, active) : desk.refuse(infer, ErrorCode.NOT_SERVING, idleReason))) {
            return this;
        }
        deal();
        if (!timers.isTimerActive(Tick.TICK)) {
            timers.startTimerWithFixedDelay(Tick.TICK, DEADLINE_TICK);
        }
        return this;
    }

    private Behavior<DataMessage> onActivate(Activate activate) {
        long newest = standing.newestEpoch();
        if (activate.epoch() <= newest) {
            return refuse(activate, "it must be newer than epoch " + newest + ", which this gateway has seen");
        }
        standing.hasHeardOf(activate.epoch());
        GatewayEpoch next;
        try {
            next = new GatewayEpoch(activate, desk.frameBytes());
            activate.tethers().forEach(seat.tether()::connect);
        } catch (RuntimeException e) {
            return refuse(activate, String.valueOf(e.getMessage()));
        }
        switchTo(next);
        return this;
    }

    /** A plan that does not hold together must not end the gateway. */
    private Behavior<DataMessage> refuse(Activate activate, String reason) {
        getContext().getLog().error("epoch {} cannot be activated: {}", activate.epoch(), reason);
        activate.replyTo().tell(new Faulty(activate.epoch(), "it cannot be activated: " + reason));
        return this;
    }

    private void switchTo(GatewayEpoch next) {
        GatewayEpoch before = active;
        active = next;
        standing.serves();
        epochFollows = false;
        epochs.put(next.number(), next);
        reports.clear();
        next.tell(new Activated(next.number()));
        if (before != null) {
            if (!before.modelDigest().equals(next.modelDigest())) {
                desk.leaveTo(before);
            }
            advance(before);
        }
        deal();
    }

    private Behavior<DataMessage> onAbandon(Abandon abandon) {
        standing.hasHeardOf(abandon.epoch());
        GatewayEpoch abandoned = epochs.remove(abandon.epoch());
        if (abandoned == null && !epochFollows) {
            if (active == null && abandon.outlook() == Outlook.OVER) {
                standing.servesNothing(null);
            }
            return this;
        }
        if (abandoned != null) {
            release(abandoned);
            desk.queueAgain(abandoned.unanswered());
        }
        if (abandoned == active) {
            standing.servesNothing(abandon.outlook() == Outlook.OVER ? null : toBeServedAgain());
            active = null;
            epochFollows = abandon.outlook() == Outlook.ANOTHER_FOLLOWS;
            idleReason = abandon.reason();
            reports.clear();
        }
        if (active == null && !epochFollows) {
            desk.failAll(ErrorCode.PIPELINE_LOST, abandon.reason());
        }
        deal();
        return this;
    }

    private Behavior<DataMessage> onDropLanes(DropLanes drop) {
        GatewayEpoch epoch = epochs.get(drop.epoch());
        if (epoch != null) {
            dropLanes(epoch, drop.lanes());
        }
        return this;
    }

    /** Before the supervisor hears of it: it will have all of the epoch replaced. */
    private Behavior<DataMessage> onTetherLost(TetherLost lost) {
        for (GatewayEpoch epoch : List.copyOf(epochs.values())) {
            loseLanes(epoch, epoch.lanesOn(lost.peer(), lost.incarnation()));
        }
        return this;
    }

    /** What they owe goes to others, if there are any. */
    private void loseLanes(GatewayEpoch epoch, Set<Integer> lanes) {
        if (!lanes.isEmpty() && epoch.hasOthers(lanes)) {
            getContext().getLog().warn("epoch {} gets nothing from lanes {} any more", epoch.number(), lanes);
            dropLanes(epoch, lanes);
            epoch.tell(new LanesLost(epoch.number(), lanes));
        }
    }

    private void dropLanes(GatewayEpoch epoch, Set<Integer> lanes) {
        List<PendingRequest> owed = epoch.lose(lanes);
        if (epoch == active) {
            desk.queueAgain(owed);
        } else {
            desk.queueAgain(owed, epoch);
        }
        if (!epoch.hasOthers(Set.of())) {
            onFault(epoch.number(), "all of its lanes are lost");
        }
        advance(epoch);
    }

    private void release(GatewayEpoch over) {
        over.activation().tethers().keySet().forEach(seat.tether()::release);
    }

    private @Nullable Origin toBeServedAgain() {
        return active == null
                ? standing.interrupted().orElse(null)
                : active.activation().origin();
    }

    private Behavior<DataMessage> onFrame(TensorFrame frame) {
        Route route = frame.header().route();
        GatewayEpoch epoch = epochs.get(route.epoch());
        if (epoch == null || !epoch.hasLane(route.lane())) {
            getContext().getLog().debug("frame of {} dropped: the epoch is over", route);
            return this;
        }
        LanePort lane = epoch.lane(route.lane());
        lane.accept(frame).ifPresent(broken -> onFault(route.epoch(), broken.problem() + ": " + broken.message()));
        for (Optional<LanePort.Outcome> next = lane.poll(); next.isPresent(); next = lane.poll()) {
            desk.finish(epoch, next.get());
        }
        advance(epoch);
        return this;
    }

    private Behavior<DataMessage> onCredit(Credit credit) {
        Route route = credit.route();
        GatewayEpoch epoch = epochs.get(route.epoch());
        if (epoch != null && epoch.hasLane(route.lane())) {
            epoch.lane(route.lane()).onCredit(credit).ifPresent(problem -> onFault(route.epoch(), problem));
            advance(epoch);
        }
        return this;
    }

    private Behavior<DataMessage> onShardReport(ShardReport report) {
        if (active != null && active.number() == report.epoch()) {
            reports.put(new ReportKey(report.lane(), report.shard()), report);
        }
        return this;
    }

    private Behavior<DataMessage> onShardFault(ShardFault fault) {
        GatewayEpoch epoch = epochs.get(fault.epoch());
        return epoch == null || !epoch.hasLane(fault.lane())
                ? this
                : onFault(fault.epoch(), "shard " + fault.shard() + ": " + fault.reason());
    }

    private Behavior<DataMessage> onFault(long epochNumber, String reason) {
        GatewayEpoch epoch = epochs.get(epochNumber);
        if (epoch != null && epoch.becomesFaulty(reason)) {
            getContext().getLog().error("epoch {} is at fault: {}", epochNumber, reason);
        }
        return this;
    }

    private Behavior<DataMessage> onTick() {
        long now = System.currentTimeMillis();
        desk.expire(now);
        List.copyOf(epochs.values()).forEach(this::advance);
        epochs.values()
                .forEach(epoch -> epoch.stall(now, DEADLINE_TICK).ifPresent(reason -> onFault(epoch.number(), reason)));
        List.copyOf(epochs.values()).forEach(epoch -> loseLanes(epoch, epoch.silent(DEADLINE_TICK)));
        if (desk.waiting() == 0 && epochs.values().stream().allMatch(GatewayEpoch::isIdle)) {
            timers.cancel(Tick.TICK);
        }
        return this;
    }

    private Behavior<DataMessage> onProblem(Problem problem) {
        figures.problem(problem.reason());
        return this;
    }

    private Behavior<DataMessage> onDescribe(Describe describe) {
        describe.replyTo().tell(figures.stats(active, standing.interruption(idleReason)));
        return this;
    }

    /** Gives waiting requests to the active epoch's lanes, as far as they have room. */
    private void deal() {
        if (active != null) {
            desk.deal(active);
        }
    }

    /** After something has come back: more may be dealt, or the epoch be over. */
    private void advance(GatewayEpoch epoch) {
        if (epoch == active) {
            deal();
            return;
        }
        desk.dealBacklog(epoch);
        if (epoch.isDrained() && epochs.remove(epoch.number()) != null) {
            release(epoch);
            epoch.tell(new Drained(epoch.number()));
        }
    }
}
