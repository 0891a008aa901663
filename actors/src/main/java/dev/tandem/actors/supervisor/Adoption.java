package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Takes over what gateways say is in place: a supervisor before this one has put it there. Used by the supervisor's thread
 * only.
 */
final class Adoption {

    record Settled(long epoch) implements Command {}

    private final ActorContext<Command> context;
    private final Duration settling;
    private final KnownMembers members;
    private final Deployments deployments;
    private final Losses losses;

    /** @param settling for nodes to register before what they should hold counts as lost */
    Adoption(
            ActorContext<Command> context,
            Duration settling,
            KnownMembers members,
            Deployments deployments,
            Losses losses) {
        this.losses = losses;
        this.context = context;
        this.settling = settling;
        this.members = members;
        this.deployments = deployments;
    }

    /**
     * What a gateway announces: asks what it holds if that is news, and drops what it holds no more. One that puts a plan in place
     * itself is left alone, but not for longer than nodes are waited for.
     */
    void onAnnounce(Announce announce) {
        ActorRef<DataMessage> gateway = announce.gateway().gateway();
        deployments.standIns().see(announce);
        dropWhatIsGone(announce);
        if (deployments.standIns().isPromising(gateway, settling)) {
            return;
        }
        boolean isNews = announce.inPlace().stream().anyMatch(epoch -> !deployments.isKnown(epoch))
                || (announce.isInterrupted()
                        && deployments.epochs().of(gateway).isEmpty()
                        && !deployments.isInterrupted(gateway)
                        && !deployments.isRecovering(gateway));
        if (isNews) {
            gateway.tell(new GatewayMessages.Recall(context.getSelf()));
        }
    }

    /** What a gateway has seen and holds no more was taken from it by the supervisor before this one. */
    private void dropWhatIsGone(Announce announce) {
        ActorRef<DataMessage> gateway = announce.gateway().gateway();
        ServedEpochs epochs = deployments.epochs();
        epochs.of(gateway)
                .filter(entry -> entry.epoch() <= announce.newestEpoch()
                        && !announce.inPlace().contains(entry.epoch()))
                .ifPresent(entry -> epochs.abandonServing(
                        gateway,
                        "the gateway holds it no more",
                        announce.isInterrupted() ? Outlook.ANOTHER_FOLLOWS : Outlook.INTERRUPTED));
    }

    void onHoldings(Holdings holdings) {
        GatewayRef gateway = holdings.gateway();
        holdings.draining().forEach(held -> adopt(gateway, held, false));
        holdings.serving().ifPresent(held -> adopt(gateway, held, true));
        holdings.interrupted().ifPresent(origin -> {
            members.links().recall(origin.links());
            deployments.interrupt(deploy(gateway, origin), settling);
        });
    }

    /** Goes on with an epoch that a supervisor before this one has put in place. */
    private void adopt(GatewayRef gateway, Activate held, boolean serves) {
        long epoch = held.epoch();
        if (deployments.isKnown(epoch)) {
            return;
        }
        context.getLog().info("epoch {} of {} is taken over", epoch, gateway.node());
        members.links().recall(held.origin().links());
        RolloutOrder order = RolloutOrder.of(held, gateway.gateway(), deployments.gatewayReplies());
        ActorRef<Rollout.Event> rollout = context.spawn(Rollout.adopt(order), "adopted-" + epoch);
        deployments
                .epochs()
                .adopt(new Served(deploy(gateway, held.origin()), order, rollout))
                .ifPresent(deployments::awaitDrain);
        if (serves) {
            deployments.recoveredBy(gateway.gateway());
        }
        loseFormerMembers(order);
        context.scheduleOnce(settling, context.getSelf(), new Settled(epoch));
    }

    /** Nodes that are members no more will not register; one that starts again at the same address may. */
    private void loseFormerMembers(RolloutOrder order) {
        Set<Address> present = new HashSet<>();
        Cluster.get(context.getSystem()).state().getMembers().forEach(member -> present.add(member.address()));
        order.agents().forEach((node, agent) -> {
            Address address = agent.path().address();
            if (address.hasGlobalScope() && !present.contains(address)) {
                losses.loseNodeOf(
                        order.epoch(), node, "node " + node + " was lost: it is no member of the cluster any more");
            }
        });
    }

    private Deploy deploy(GatewayRef gateway, GatewayMessages.Origin origin) {
        return new Deploy(
                origin.offer(), origin.order(), gateway, 0, context.getSystem().ignoreRef());
    }

    /** All nodes have had time to register: those of the epoch that have not are lost. */
    void onSettled(Settled settled) {
        deployments.epochs().agents(settled.epoch()).entrySet().stream()
                .filter(agent -> !members.nodes().isAgent(agent.getKey(), agent.getValue()))
                .map(Map.Entry::getKey)
                .forEach(node -> losses.loseNodeOf(
                        settled.epoch(), node, "node " + node + " was lost: the new supervisor does not know it"));
    }
}
