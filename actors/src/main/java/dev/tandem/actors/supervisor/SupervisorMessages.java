package dev.tandem.actors.supervisor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.settings.SettingsMessages;
import dev.tandem.actors.transport.DataMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** What the supervisor is told. */
public final class SupervisorMessages {

    private SupervisorMessages() {}

    /** Messages of the supervisor. Those of its own children and timers stay in its package. */
    public interface Command {}

    /** What a process that is no member may ask. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(DescribeStatus.class), @JsonSubTypes.Type(Reload.class)})
    public sealed interface Visit extends Command, ControlMessage permits DescribeStatus, Reload {}

    /**
     * From every node, again and again: it is there and this is what it has.
     *
     * @param notices hears when another node of that name lives, and when a node that leaves may go
     */
    public record Register(
            NodeReport report,
            ActorRef<NodeMessages.Step> agent,
            ActorRef<LinkProbe.Command> probe,
            ActorRef<NodeMessages.Notice> notices)
            implements Command, ControlMessage {}

    /**
     * From any member: the tether to a node was lost.
     *
     * @param incarnation of the node, to which the reporter was tied
     */
    public record PeerLost(String peer, long incarnation, String reason, String reportedBy)
            implements Command, ControlMessage {}

    /** From any member: frames of this epoch were lost; it cannot go on. */
    public record FramesLost(long epoch, int lane, String reason) implements Command, ControlMessage {}

    /** Asks which nodes there are. */
    public record DescribeCluster(ActorRef<ClusterView> replyTo) implements Command, ControlMessage {}

    /** Asks what is where, and how busy it is. */
    public record DescribeStatus(ActorRef<ClusterStatus> replyTo) implements Visit {}

    /**
     * Asks to have settings read again.
     *
     * @param only the one member whose settings are meant; empty: all
     */
    public record Reload(Optional<ActorRef<SettingsMessages.Command>> only, ActorRef<ReloadReport> replyTo)
            implements Visit {}

    /** Asks to be told as soon as there are so many nodes. */
    public record AwaitNodes(int count, ActorRef<ClusterView> replyTo) implements Command, ControlMessage {}

    /** A gateway and the probe beside it. */
    public record GatewayRef(String node, ActorRef<DataMessage> gateway, ActorRef<LinkProbe.Command> probe) {}

    /**
     * From every gateway, again and again: it is there, and this is in place for it. What it serves is its own, whoever
     * has ordered it: a supervisor that does not know of it asks for the {@link
     * dev.tandem.actors.gateway.GatewayMessages.Holdings} and goes on.
     *
     * @param newestEpoch highest that it has heard of or puts in place itself; what is put in place for it is to be newer
     * @param reservedEpoch number of what a supervisor has left it to put in place itself, 0 for none
     * @param serving the epoch that requests are dealt to, 0 for none
     * @param draining epochs with requests under way
     * @param isInterrupted whether it serves nothing, but is to serve again what it did before
     * @param isStandingIn whether it is putting that in place itself
     */
    public record Announce(
            GatewayRef gateway,
            long newestEpoch,
            long reservedEpoch,
            long serving,
            List<Long> draining,
            boolean isInterrupted,
            boolean isStandingIn)
            implements Command, ControlMessage {
        public Announce {
            draining = List.copyOf(draining);
        }

        /** Epochs with numbers up to this one have been given. */
        long lastGiven() {
            return Math.max(newestEpoch, reservedEpoch);
        }

        /** All epochs that the gateway holds. */
        List<Long> inPlace() {
            List<Long> all = new ArrayList<>(draining);
            if (serving != 0) {
                all.add(serving);
            }
            return all;
        }
    }

    /**
     * Asks to divide a model, put the plan in place and have the gateway serve it; again with another order to change.
     *
     * @param id of the order, which may be sent again until it is answered: it is carried out once by each supervisor
     * @param timeLeftMillis until nobody waits for the answer any more; it is not put in place later
     */
    public record Deploy(
            String id,
            ModelOffer offer,
            DeployOrder order,
            GatewayRef gateway,
            long timeLeftMillis,
            ActorRef<DeployReply> replyTo)
            implements Command, ControlMessage {

        /** An order that is sent once. */
        public Deploy(
                ModelOffer offer,
                DeployOrder order,
                GatewayRef gateway,
                long timeLeftMillis,
                ActorRef<DeployReply> replyTo) {
            this(UUID.randomUUID().toString(), offer, order, gateway, timeLeftMillis, replyTo);
        }

        /** The same, whose answer has been given. */
        Deploy answered(ActorRef<DeployReply> ignored) {
            return new Deploy(offer, order, gateway, 0, ignored);
        }
    }

    /** Asks to free all that serves the gateway. */
    public record Undeploy(ActorRef<DataMessage> gateway, ActorRef<Undeployed> replyTo)
            implements Command, ControlMessage {}

    /** Answer to {@link Undeploy}: the nodes have been told, and have answered or run out of time. */
    public record Undeployed(long epoch) implements ControlMessage {}
}
