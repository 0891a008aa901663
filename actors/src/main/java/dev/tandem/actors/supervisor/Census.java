package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.Member;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Whether all nodes that were in the cluster when this supervisor first asked have registered: it hears of them one by one, and what
 * it planned before would be planned with a part of them. One that joins later may have to be measured first, and nobody waits
 * for it. Used by the supervisor's thread only.
 */
final class Census {

    private final ActorSystem<?> system;
    private final KnownNodes nodes;
    private final long endNanos;
    private int expected;
    private boolean isComplete;

    /** @param patience from now on, with nodes that are up and do not register */
    Census(ActorSystem<?> system, KnownNodes nodes, Duration patience) {
        this.system = system;
        this.nodes = nodes;
        this.endNanos = System.nanoTime() + patience.toNanos();
    }

    /** Once it is, it is for good. */
    boolean isComplete() {
        expected = expected == 0 ? up() : Math.min(expected, up());
        isComplete = isComplete || nodes.size() >= expected || System.nanoTime() - endNanos >= 0;
        return isComplete;
    }

    private int up() {
        int up = 0;
        for (org.apache.pekko.cluster.Member member :
                Cluster.get(system).state().getMembers()) {
            if (member.status().equals(MemberStatus.up()) && member.hasRole(Member.NODE_ROLE)) {
                up++;
            }
        }
        return up;
    }
}
