package dev.tandem.actors.node;

import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.ShardBuilder.BuiltShard;
import dev.tandem.actors.shard.ShardActor;
import dev.tandem.actors.shard.ShardSetup;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Lane;
import dev.tandem.inference.runtime.SessionPool;
import dev.tandem.inference.runtime.SessionSettings;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Makes the actors of one epoch's shards, each on its core group. Used by the thread of the epoch's host only. */
final class ShardOpener {

    private final NodeSetup node;
    private final SessionPool sessions;
    private final Map<String, CoreGroupThreads> coreGroups;
    private final Prepare order;

    ShardOpener(NodeSetup node, SessionPool sessions, Map<String, CoreGroupThreads> coreGroups, Prepare order) {
        this.node = node;
        this.sessions = sessions;
        this.coreGroups = coreGroups;
        this.order = order;
    }

    /**
     * Starts to open a shard.
     *
     * @param parent of its actor
     * @param reports hears when it is open
     * @throws IllegalArgumentException when the plan speaks of a core group that is not there
     */
    ActorRef<DataMessage> open(
            ActorContext<?> parent, BuiltShard shard, ModelGraph graph, ActorRef<ShardActor.Opened> reports) {
        Lane lane = order.plan().lanes().get(shard.lane());
        String group = lane.shard(shard.endpoint()).place().group();
        ShardSetup setup = setup(shard, lane, group, graph);
        CoreGroupThreads coreGroup = Objects.requireNonNull(coreGroups.get(group), group);
        return parent.spawn(
                ShardActor.create(setup, sessions, coreGroup, reports),
                "shard-" + shard.lane() + "-" + shard.endpoint(),
                DispatcherSelector.fromConfig("tandem-dispatchers.data"));
    }

    private ShardSetup setup(BuiltShard shard, Lane lane, String group, ModelGraph graph) {
        SessionSettings session = SessionSettings.of(node.coreGroup(group))
                .withSpinning(node.spinning())
                .withPrepack(node.prepack());
        return new ShardSetup(
                order.epoch(),
                shard.lane(),
                lane,
                shard.endpoint(),
                graph.tensors(),
                shard.model(),
                session,
                order.window(),
                node.frameBytes());
    }
}
