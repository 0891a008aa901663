package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Those who wait until there are so many nodes. Used by the supervisor's thread only. */
final class NodeAwaiters {

    private final List<AwaitNodes> awaiting = new ArrayList<>();

    void add(AwaitNodes await) {
        awaiting.add(await);
    }

    void remove(ActorRef<ClusterView> asker) {
        awaiting.removeIf(await -> await.replyTo().equals(asker));
    }

    /** Answers those who have waited for no more nodes than these, and returns them: they wait no longer. */
    List<ActorRef<ClusterView>> answer(ClusterView view) {
        List<AwaitNodes> met = awaiting.stream()
                .filter(await -> await.count() <= view.nodes().size())
                .toList();
        awaiting.removeAll(met);
        met.forEach(await -> await.replyTo().tell(view));
        return met.stream().map(AwaitNodes::replyTo).toList();
    }
}
