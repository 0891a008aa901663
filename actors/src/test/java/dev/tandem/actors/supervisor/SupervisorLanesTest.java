package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What a supervisor does when one lane of several is lost. */
class SupervisorLanesTest extends SupervisorCase {

    @Test
    void servesOnWithTheLanesThatAreLeftUntilThereIsAnotherPlan() {
        node("a");
        node("b");
        Activate first = lanes();
        int lost = place(first, 0).equals("b") ? 0 : 1;

        lose("b");

        DropLanes drop = (DropLanes) next(DropLanes.class);
        assertThat(drop).isEqualTo(new DropLanes(first.epoch(), Set.of(lost)));
        supervisor.tell(new FramesLost(first.epoch(), lost, "a frame to b was lost"));
        Activate second = activated();
        assertThat(place(second, 0)).isEqualTo("a");
        first.replyTo().tell(new Drained(first.epoch()));
        Objects.requireNonNull(nodes.get("a")).expectRetired(first.epoch());
        gateway.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void replacesAnEpochThatHasLostFramesOfOneLane() {
        node("a");
        node("b");
        Activate first = lanes();

        supervisor.tell(new FramesLost(first.epoch(), 1, "a frame was lost"));

        assertThat(next(DropLanes.class)).isEqualTo(new DropLanes(first.epoch(), Set.of(1)));
        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void replacesAnEpochWhoseGatewayHasDroppedALane() {
        node("a");
        node("b");
        Activate first = lanes();

        first.replyTo().tell(new LanesLost(first.epoch(), Set.of(0)));

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    /** The gateway's word of its lanes, and its tether's of the node, go different ways. */
    @Test
    void doesNotPlanWithANodeOfWhichItHearsAfterItsLanes() {
        node("a");
        node("b");
        Activate first = lanes();
        TestNode cutOff = Objects.requireNonNull(nodes.get("b"));
        int lost = place(first, 0).equals("b") ? 0 : 1;

        first.replyTo().tell(new LanesLost(first.epoch(), Set.of(lost)));
        supervisor.tell(new PeerLost(cutOff.name, cutOff.incarnation, "silent", "gateway"));

        Activate second = activated();
        assertThat(second.plan().lanes()).hasSize(1);
        assertThat(place(second, 0)).isEqualTo("a");
    }

    @Test
    void abandonsAnEpochThatHasLostAllLanes() {
        node("a");
        node("b");
        Activate first = lanes();

        lose("a");
        lose("b");

        assertThat(nextAbandon().epoch()).isEqualTo(first.epoch());
    }

    @Test
    void doesNotWaitForLinksThatAnOrderHasMeasured() {
        node("a");
        node("b");
        Activate first = lanes();
        TestProbe<LinkProbe.Command> deaf = deafNode("c");
        GatewayRef other =
                new GatewayRef("other", kit.<DataMessage>createTestProbe().ref(), kit.spawn(LinkProbe.create()));
        supervisor.tell(new Announce(other, 0, 0, 0, List.of(), false, false));
        deploy(other, Scheme.SINGLE, 1, LONG);
        deaf.receiveMessage(PATIENCE);

        lose("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void doesNotWaitForLinksThatAnOrderOfTheSameGatewayHasMeasured() {
        node("a");
        node("b");
        Activate first = lanes();
        TestProbe<LinkProbe.Command> deaf = deafNode("c");
        deploy(gatewayRef, Scheme.SINGLE, 1, LONG);
        deaf.receiveMessage(PATIENCE);

        lose("b");

        Activate recovered = activated();
        assertThat(recovered.epoch()).isGreaterThan(first.epoch());
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void doesNotWaitForSettingsThatAreTriedOut() {
        node("a");
        node("b");
        Activate first = lanes();
        TestProbe<LinkProbe.Command> deaf = deafNode("c");
        PlanPolicy fewer = new PlanPolicy(
                Scheme.AUTO,
                Objective.THROUGHPUT,
                Constraints.NONE,
                List.of("a", "b"),
                Codec.EXACT,
                PlanPolicy.Rebalance.NEVER);
        supervisor.tell(new PolicyChanges.Change(
                fewer, kit.<PolicyChanges.Outcome>createTestProbe().ref()));
        deaf.receiveMessage(PATIENCE);

        lose("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    /** A node whose links are never measured to the end; it hears who tries. */
    private TestProbe<LinkProbe.Command> deafNode(String name) {
        TestProbe<LinkProbe.Command> deaf = kit.createTestProbe("deaf");
        TestNode node = new TestNode(kit, name);
        SupervisorMessages.Register register = node.registration(ENOUGH);
        supervisor.tell(
                new SupervisorMessages.Register(register.report(), register.agent(), deaf.ref(), register.notices()));
        return deaf;
    }

    /** A copy of the model on each of two nodes. */
    private Activate lanes() {
        DeployOrder order = new DeployOrder(Scheme.LANES, Objective.THROUGHPUT, 2, 2);
        supervisor.tell(new Deploy(offer(), order, gatewayRef, LONG.toMillis(), client.ref()));
        Activate activated = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        assertThat(activated.plan().lanes()).hasSize(2);
        return activated;
    }
}
