package dev.tandem.actors.gateway;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Adopt;
import dev.tandem.actors.gateway.GatewayMessages.Claim;
import dev.tandem.actors.gateway.GatewayMessages.Command;
import dev.tandem.actors.gateway.GatewayMessages.Contingency;
import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.DropContingency;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.GatewayMessages.Recall;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.actors.supervisor.Rollout;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.Credit;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.function.Function;

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
         * Has a listener hear from now on of tethers that are lost.
         *
         * @return has it hear no more
         */
        Runnable onLost(LossListener listener);
    }

    /** Hears of tethers that are lost. */
    @FunctionalInterface
    public interface LossListener {

        /**
         * Called by another thread; must not block.
         *
         * @param incarnation of the node, to which this member was to be tied
         * @param stood whether it was tied to it; otherwise it could not be
         */
        void onLost(String node, long incarnation, boolean stood);
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

    private record StandInEnded(Rollout.Outcome outcome) implements DataMessage {}

    private record TetherLost(String peer, long incarnation, boolean stood) implements DataMessage {}

    private enum Tick implements DataMessage {
        TICK
    }

    private enum AnnounceAgain implements DataMessage {
        TICK
    }

    private final TimerScheduler<DataMessage> timers;
    private final ActorRef<SupervisorMessages.Command> supervisor;
    private final GatewayEpochs epochs;
    private final ActorRef<Rollout.Outcome> standInEnds;
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
        this.supervisor = seat.supervisor();
        this.standInEnds = context.messageAdapter(Rollout.Outcome.class, StandInEnded::new);
        GatewayRef here = new GatewayRef(seat.name(), context.getSelf(), seat.probe());
        this.epochs = new GatewayEpochs(
                limits, seat.tether(), new StandIn(seat.tether(), this::beginRollout), here, context.getLog());
        ActorRef<DataMessage> self = context.getSelf();
        this.deafTether =
                seat.tether().onLost((peer, incarnation, stood) -> self.tell(new TetherLost(peer, incarnation, stood)));
    }

    @Override
    public Receive<DataMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(TensorFrame.class, by(epochs::accept))
                .onMessage(Credit.class, by(epochs::accept))
                .onMessage(ShardReport.class, by(epochs::accept))
                .onMessage(ShardFault.class, by(epochs::accept))
                .onMessage(TetherLost.class, by(this::onTetherLost))
                .onMessage(Tick.class, by(tick -> onTick()))
                .onMessage(AnnounceAgain.class, by(tick -> supervisor.tell(epochs.announcement())))
                .onMessage(Bound.class, by(bound -> epochs.bound(bound.limits())))
                .onMessage(Problem.class, by(problem -> epochs.problem(problem.reason())))
                .onMessage(StandInEnded.class, by(this::onStandInEnded))
                .onMessage(Close.class, close -> Behaviors.stopped())
                .onMessage(Command.class, by(this::onCommand))
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private ActorRef<Rollout.Event> beginRollout(Contingency contingency, GatewayEpoch lost) {
        ActorRef<NodeMessages.Reply> ignored = getContext().getSystem().ignoreRef();
        lost.activation()
                .origin()
                .agents()
                .values()
                .forEach(agent -> agent.tell(new NodeMessages.Retire(lost.number(), ignored)));
        return getContext()
                .spawnAnonymous(Rollout.standIn(
                        contingency.instead(),
                        getContext().getSelf(),
                        Duration.ofMillis(contingency.timeoutMillis()),
                        standInEnds));
    }

    /** A supervisor that comes leaves the gateway alone for a moment. */
    private void onTetherLost(TetherLost lost) {
        if (epochs.onTetherLost(lost.peer(), lost.incarnation(), lost.stood())) {
            supervisor.tell(epochs.announcement());
        }
    }

    /** The next supervisor looks after what could not be put in place. */
    private void onStandInEnded(StandInEnded ended) {
        Rollout.Outcome outcome = ended.outcome();
        epochs.onStandInEnded(outcome);
        if (outcome.reason().isEmpty()) {
            getContext().getLog().info("epoch {} serves", outcome.epoch());
        } else {
            getContext().getLog().warn("epoch {} is not in place: {}", outcome.epoch(), outcome.reason());
        }
        supervisor.tell(epochs.announcement());
    }

    /** A handler after which the gateway goes on as it is. */
    private <M> Function<M, Behavior<DataMessage>> by(Consumer<M> handler) {
        return message -> {
            handler.accept(message);
            return this;
        };
    }

    private Behavior<DataMessage> onPostStop() {
        deafTether.run();
        epochs.close();
        return this;
    }

    private void onCommand(Command command) {
        if (command instanceof Infer infer) {
            onInfer(infer);
        } else if (command instanceof Activate activate) {
            epochs.activate(activate);
        } else if (command instanceof Abandon abandon) {
            epochs.abandon(abandon);
        } else if (command instanceof DropLanes drop) {
            epochs.dropLanes(drop.epoch(), drop.lanes());
        } else if (command instanceof Describe describe) {
            describe.replyTo().tell(epochs.stats());
        } else {
            onSupervisorChange(command);
        }
    }

    private void onSupervisorChange(Command command) {
        if (command instanceof Recall recall) {
            recall.replyTo().tell(epochs.holdings());
        } else if (command instanceof Adopt adopt) {
            epochs.adopt(adopt);
        } else if (command instanceof Claim claim) {
            epochs.claim(claim);
        } else if (command instanceof Contingency contingency) {
            epochs.keep(contingency);
        } else if (command instanceof DropContingency drop) {
            epochs.drop(drop);
        }
    }

    private void onInfer(Infer infer) {
        if (epochs.take(infer) && !timers.isTimerActive(Tick.TICK)) {
            timers.startTimerWithFixedDelay(Tick.TICK, DEADLINE_TICK);
        }
    }

    private void onTick() {
        if (!epochs.tick(DEADLINE_TICK)) {
            timers.cancel(Tick.TICK);
        }
    }
}
