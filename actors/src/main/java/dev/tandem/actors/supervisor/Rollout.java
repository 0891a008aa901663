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
 * gateway sends requests there. Whatever fails on the way, the new epoch is undone and the old one goes on serving.
 */
final class Rollout extends AbstractBehavior<Rollout.Event> {

    /** What a rollout hears of. */
    sealed interface Event {}

    private record NodeReply(NodeMessages.Reply reply) implements Event {}

    private record GatewayReply(GatewayMessages.Reply reply) implements Event {}

    private record TimedOut(Duration after) implements Event {}

    /** Ends a rollout that has become pointless. */
    record Cancel(String reason) implements Event {}

    /** How a rollout ended. */
    sealed interface Outcome {
        RolloutOrder order();
    }

    /** The gateway deals to the new epoch. */
    record Done(RolloutOrder order) implements Outcome {}

    /** Nothing of the new epoch is left. */
    record Failed(RolloutOrder order, String reason) implements Outcome {}

    private final RolloutOrder order;
    private final ActorRef<? super Outcome> owner;
    private final ActorRef<NodeMessages.Reply> nodeReplies;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final Set<String> awaited = new HashSet<>();
    private final List<ShardRef> shards = new ArrayList<>();
    private boolean wiring;

    static Behavior<Event> create(RolloutOrder order, Duration timeout, ActorRef<? super Outcome> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(new TimedOut(timeout), timeout);
            return new Rollout(context, order, owner);
        }));
    }

    private Rollout(ActorContext<Event> context, RolloutOrder order, ActorRef<? super Outcome> owner) {
        super(context);
        this.order = order;
        this.owner = owner;
        this.nodeReplies = context.messageAdapter(NodeMessages.Reply.class, NodeReply::new);
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewayReply::new);
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
        order.gateway()
                .tell(new GatewayMessages.Activate(
                        order.epoch(),
                        order.plan(),
                        order.inputs(),
                        order.outputs(),
                        shards,
                        order.tethersOfGateway(),
                        order.window(),
                        gatewayReplies));
        return this;
    }

    private Behavior<Event> onGatewayReply(GatewayMessages.Reply reply) {
        if (reply instanceof GatewayMessages.Activated) {
            owner.tell(new Done(order));
            return relaying();
        }
        order.supervisor().tell(reply);
        return this;
    }

    /** The gateway goes on reporting to this rollout for as long as the epoch lives. */
    private Behavior<Event> relaying() {
        return Behaviors.receive(Event.class)
                .onMessage(GatewayReply.class, event -> {
                    order.supervisor().tell(event.reply());
                    return event.reply() instanceof GatewayMessages.Drained ? Behaviors.stopped() : Behaviors.same();
                })
                .onMessage(Cancel.class, event -> Behaviors.stopped())
                .onAnyMessage(event -> Behaviors.same())
                .build();
    }

    private Behavior<Event> fail(String reason) {
        order.agents()
                .values()
                .forEach(agent -> agent.tell(
                        new Retire(order.epoch(), getContext().getSystem().ignoreRef())));
        owner.tell(new Failed(order, reason));
        return Behaviors.stopped();
    }
}
