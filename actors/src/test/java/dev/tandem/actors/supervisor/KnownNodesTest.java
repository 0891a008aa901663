package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KnownNodesTest {

    private final ActorTestKit kit = TestSystems.start("known-nodes");
    private final KnownNodes nodes = new KnownNodes();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void findsTheNodeInItsOwnProcessAmongThoseOfOthers() {
        ActorRef<NodeMessages.Step> remote =
                ActorRefResolver.get(kit.system()).resolveActorRef("pekko://tandem@127.0.0.1:1/user/node-agent");
        nodes.put(registration("a", remote));
        assertThat(nodes.here()).isEmpty();

        nodes.put(registration("b", kit.<NodeMessages.Step>createTestProbe().ref()));
        nodes.put(registration("c", remote));

        assertThat(nodes.here()).hasValue("b");
    }

    @Test
    void doesNotTakeWhoHasGotTheNameForARivalOfIt() {
        ActorRef<NodeMessages.Step> holder =
                ActorRefResolver.get(kit.system()).resolveActorRef("pekko://tandem@127.0.0.1:1/user/node-agent");
        ActorRef<NodeMessages.Step> next =
                ActorRefResolver.get(kit.system()).resolveActorRef("pekko://tandem@127.0.0.1:2/user/node-agent");
        nodes.put(registration("a", holder));
        assertThat(nodes.isTaken(registration("a", next))).isTrue();

        nodes.put(registration("a", next));

        assertThat(nodes.takeRival("a")).isEmpty();
    }

    private Register registration(String name, ActorRef<NodeMessages.Step> agent) {
        Register local = new TestNode(kit, name).registration(1);
        return new Register(local.report(), agent, local.probe(), local.notices());
    }
}
