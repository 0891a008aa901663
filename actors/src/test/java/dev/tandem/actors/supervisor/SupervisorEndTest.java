package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.junit.jupiter.api.Test;

/** What a supervisor does whose member leaves the cluster before it ends itself. */
class SupervisorEndTest extends SupervisorCase {

    @Test
    void takesTheEndOfItsOwnMembershipForNobodysLoss() {
        announceTaciturn();
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        Cluster.get(Adapter.toClassic(kit.system())).shutdown();
        kit.stop(node.agent);

        gateway.expectNoMessage(Duration.ofMillis(300));
    }
}
