package dev.tandem.actors.node;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.core.plan.Plan;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What a node is told during a rollout, and what it answers. */
public final class NodeMessages {

    private NodeMessages() {}

    /** What a node agent takes: steps of a rollout, and what it tells itself. */
    public interface Message {}

    /** What a node hears when it registers, if there is anything to say. */
    public sealed interface Notice extends Message, ControlMessage {}

    /** A living node has the name of the one that is told this, which cannot be a node as long as it has. */
    public record NameTaken(String reason) implements Notice {}

    /** The work of a node that leaves has not been moved yet. */
    public enum MustWait implements Notice {
        MUST_WAIT
    }

    /**
     * Nothing needs the node that leaves, or what needs it cannot be moved.
     *
     * @param obstacle why not; empty where nothing needs it
     */
    public record MayLeave(String obstacle) implements Notice {}

    /** Steps of an epoch's life, in this order; each is answered by one {@link Reply}. */
    public sealed interface Step extends Message, ControlMessage {
        long epoch();

        ActorRef<Reply> replyTo();
    }

    /**
     * Fetch what this node's shards of the plan need, open and warm them. Nothing of older epochs changes.
     *
     * @param window requests whose pieces a shard holds at a time
     */
    public record Prepare(
            long epoch,
            Plan plan,
            ModelManifest manifest,
            ActorRef<PieceSource.Command> source,
            int window,
            ActorRef<Reply> replyTo)
            implements Step {}

    /**
     * Connect this node's shards with all others of the epoch.
     *
     * @param tethers by node name, the nodes that this node exchanges frames with
     */
    public record Wire(
            long epoch,
            List<ShardRef> shards,
            ActorRef<DataMessage> gateway,
            Map<String, TetherAddress> tethers,
            ActorRef<Reply> replyTo)
            implements Step {
        public Wire {
            shards = List.copyOf(shards);
            tethers = Map.copyOf(tethers);
        }
    }

    /** From a supervisor that takes the epoch over: what is to be said of it goes there from now on. */
    public record Adopt(long epoch, ActorRef<Reply> replyTo) implements Step {}

    /** Stop the epoch's shards and free what they hold. Also undoes an unfinished preparation. */
    public record Retire(long epoch, ActorRef<Reply> replyTo) implements Step {}

    /** A node's answer to a step. */
    public sealed interface Reply extends ControlMessage {
        long epoch();

        String node();
    }

    /** The node's shards are warm. */
    public record Prepared(long epoch, String node, List<ShardRef> shards) implements Reply {
        public Prepared {
            shards = List.copyOf(shards);
        }
    }

    /** The node's shards are connected. */
    public record Wired(long epoch, String node) implements Reply {}

    /** The node holds nothing of the epoch any more. */
    public record Retired(long epoch, String node) implements Reply {}

    /** The step could not be done; the epoch cannot be put in place. */
    public record StepFailed(long epoch, String node, String reason) implements Reply {}
}
