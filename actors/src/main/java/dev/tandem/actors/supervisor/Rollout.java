package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Prepared;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.node.NodeMessages.Wired;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Puts one plan in place, make before break: all its nodes open and warm their shards, then connect them, then the
 * gateway sends requests there. Whatever fails on the way, the new epoch is undone and what serves, if anything does, goes on.
 */
public final class Rollout extends AbstractBehavior<Rollout.Event> {

    /** What a rollout hears of. */
    public sealed interface Event {}

    private record NodeReply(NodeMessages.Reply reply) implements Event {}

    private record GatewayReply(GatewayMessages.Reply reply) implements Event {}

    private record TimedOut(Duration after) implements Event {}

    /** The plan can no longer be put in place, or no longer serve. */
    record Cancel(String reason) implements Event {}

    /** The plan is not to be put in place, unless the gateway has been told of it. */
    record GiveUp(String reason) implements Event {}

    /** The epoch is over: nothing more is to be reported of it. */
    public enum Release implements Event {
        RELEASE
    }

    /** How a rollout ended. */
    public sealed interface Outcome {
        RolloutOrder order();

        /** Why it is not in place; empty when it is. */
        default String reason() {
            return "";
        }

        default long epoch() {
            return order().epoch();
        }
    }

    /** The gateway deals to the new epoch. */
    record Done(RolloutOrder order) implements Outcome {}

    /** The nodes free what they have of the new epoch, and the gateway has not been told of it. */
    record Failed(RolloutOrder order, String reason) implements Outcome {}

    /** The gateway may deal to the new epoch, which cannot serve: the old one may be over, and another must follow. */
    record Broken(RolloutOrder order, String reason) implements Outcome {}

    private final RolloutOrder order;
    private final ActorRef<? super Outcome> owner;
    private final ActorRef<NodeMessages.Reply> nodeReplies;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final Set<String> awaited = new HashSet<>();
    private final List<ShardRef> shards = new ArrayList<>();
    private boolean wiring;
    private boolean activating;

    static Behavior<Event> create(RolloutOrder order, Duration timeout, ActorRef<? super Outcome> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(new TimedOut(timeout), timeout);
            return new Rollout(context, order, owner).prepare();
        }));
    }

    /**
     * For an epoch that another supervisor has put in place: takes over from the rollout that has ended with it. A node
     * that does not have the epoch says so, which is a fault of the epoch.
     */
    static Behavior<Event> adopt(RolloutOrder order) {
        return Behaviors.setup(context -> {
            Rollout rollout = new Rollout(context, order, context.getSystem().ignoreRef());
            order.gateway().tell(new GatewayMessages.Adopt(order.epoch(), rollout.gatewayReplies));
            order.agents()
                    .values()
                    .forEach(agent -> agent.tell(new NodeMessages.Adopt(order.epoch(), rollout.nodeReplies)));
            return rollout.relaying();
        });
    }

    /**
     * For a gateway that nobody else puts anything in place for: the plan that the supervisor has left it. Nobody hears what the
     * gateway says of the epoch until another supervisor takes it over.
     *
     * @param instead without shards, which the nodes open now
     * @param owner hears how it ends
     */
    public static Behavior<Event> standIn(
            GatewayMessages.Activate instead,
            ActorRef<DataMessage> gateway,
            Duration timeout,
            ActorRef<? super Outcome> owner) {
        return Behaviors.setup(context ->
                create(RolloutOrder.of(instead, gateway, context.getSystem().ignoreRef()), timeout, owner));
    }

    private Rollout(ActorContext<Event> context, RolloutOrder order, ActorRef<? super Outcome> owner) {
        super(context);
        this.order = order;
        this.owner = owner;
        this.nodeReplies = context.messageAdapter(NodeMessages.Reply.class, NodeReply::new);
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewayReply::new);
    }

    private Behavior<Event> prepare() {
        awaited.addAll(order.agents().keySet());
        order.agents()
                .values()
                .forEach(agent -> agent.tell(new Prepare(
                        order.epoch(),
                        order.plan(),
                        order.offer().manifest(),
                        order.offer().source(),
                        order.window(),
                        nodeReplies)));
        return this;
    }

    @Override
    public Receive<Event> createReceive() {
        return newReceiveBuilder()
                .onMessage(NodeReply.class, event -> onNodeReply(event.reply()))
                .onMessage(GatewayReply.class, event -> onGatewayReply(event.reply()))
                .onMessage(
                        TimedOut.class,
                        event -> fail("not in place within " + event.after() + "; still waiting for "
                                + (awaited.isEmpty() ? "the gateway" : awaited)))
                .onMessage(Cancel.class, event -> fail(event.reason()))
                .onMessage(GiveUp.class, event -> activating ? this : fail(event.reason()))
                .onMessage(Release.class, event -> fail("it is no longer wanted"))
                .build();
    }

    private Behavior<Event> onNodeReply(NodeMessages.Reply reply) {
        if (reply instanceof StepFailed failed) {
            return fail("node " + failed.node() + ": " + failed.reason());
        } else if (reply instanceof Prepared prepared && !wiring && awaited.remove(prepared.node())) {
            shards.addAll(prepared.shards());
            return awaited.isEmpty() ? wire() : this;
        } else if (reply instanceof Wired wired && wiring && awaited.remove(wired.node())) {
            return awaited.isEmpty() ? activate() : this;
        }
        return this;
    }

    private Behavior<Event> wire() {
        wiring = true;
        awaited.addAll(order.agents().keySet());
        order.agents()
                .forEach((node, agent) -> agent.tell(
                        new Wire(order.epoch(), shards, order.gateway(), order.tethersOf(node), nodeReplies)));
        return this;
    }

    private Behavior<Event> activate() {
        activating = true;
        order.gateway().tell(order.activation(shards, gatewayReplies));
        return this;
    }

    private Behavior<Event> onGatewayReply(GatewayMessages.Reply reply) {
        if (reply instanceof GatewayMessages.Activated) {
            owner.tell(new Done(order));
            return relaying();
        } else if (reply instanceof GatewayMessages.Faulty faulty) {
            activating = false;
            return fail(faulty.reason());
        }
        return this;
    }

    /**
     * The gateway and the nodes go on reporting to this rollout for as long as the epoch lives. What was meant to cancel
     * the rollout and came too late is reported as well: it is true of the epoch now.
     */
    private Behavior<Event> relaying() {
        return Behaviors.receive(Event.class)
                .onMessage(GatewayReply.class, event -> {
                    order.supervisor().tell(event.reply());
                    return event.reply() instanceof GatewayMessages.Drained ? Behaviors.stopped() : Behaviors.same();
                })
                .onMessage(NodeReply.class, event -> {
                    if (event.reply() instanceof StepFailed failed) {
                        reportFault("node " + failed.node() + ": " + failed.reason());
                    }
                    return Behaviors.same();
                })
                .onMessage(Cancel.class, event -> {
                    reportFault(event.reason());
                    return Behaviors.same();
                })
                .onMessage(TimedOut.class, event -> Behaviors.same())
                .onMessage(GiveUp.class, event -> Behaviors.same())
                .onMessage(Release.class, event -> Behaviors.stopped())
                .build();
    }

    private void reportFault(String reason) {
        order.supervisor().tell(new GatewayMessages.Faulty(order.epoch(), reason));
    }

    private Behavior<Event> fail(String reason) {
        order.agents()
                .values()
                .forEach(agent -> agent.tell(
                        new Retire(order.epoch(), getContext().getSystem().ignoreRef())));
        owner.tell(activating ? new Broken(order, reason) : new Failed(order, reason));
        return Behaviors.stopped();
    }
}
