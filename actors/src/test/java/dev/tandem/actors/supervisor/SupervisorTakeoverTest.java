package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.Test;

/** What a supervisor does with what gateways hold already when it comes to know of it. */
class SupervisorTakeoverTest extends SupervisorCase {

    @Test
    void takesOverWhatAGatewayServesAndRecoversItLater() {
        TestNode first = node("a");
        TestNode second = node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        startAgain();
        register(first, ENOUGH);
        register(second, ENOUGH);
        handOver(holdings(Optional.of(served), List.of(), Optional.empty()));

        first.next(NodeMessages.Adopt.class);
        second.next(NodeMessages.Adopt.class);
        GatewayMessages.Adopt adopt = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        assertThat(adopt.epoch()).isEqualTo(served.epoch());
        adopt.replyTo().tell(new Faulty(served.epoch(), "frame out of order"));
        assertThat(nextAbandon().epoch()).isEqualTo(served.epoch());
        assertThat(activated().epoch()).isGreaterThan(served.epoch());
    }

    @Test
    void recoversWhatItTookOverWhenANodeDoesNotRegister() {
        TestNode first = node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();

        startAgain();
        register(first, ENOUGH);
        handOver(holdings(Optional.of(served), List.of(), Optional.empty()));

        assertThat(nextAbandon().reason()).contains("node b was lost");
        assertThat(activated().plan().lanes().get(0).stages()).hasSize(1);
    }

    @Test
    void doesNotWaitForANodeThatIsNoMemberAnyMore() {
        TestNode first = node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate served = withAgent(activated(), "b", "pekko://tandem@127.0.0.1:1/user/node-agent");

        kit.stop(supervisor);
        supervisor = kit.spawn(Supervisor.create(
                new Supervisor.Limits(LONG, LONG, LONG, 2, RuntimeCosts.NONE, Duration.ofMillis(100)), () -> POLICY));
        register(first, ENOUGH);
        handOver(holdings(Optional.of(served), List.of(), Optional.empty()));

        assertThat(nextAbandon().reason()).contains("node b was lost: it is no member of the cluster any more");
        assertThat(activated().plan().lanes().get(0).nodes()).containsExactly("a");
    }

    private Activate withAgent(Activate served, String node, String path) {
        GatewayMessages.Origin origin = served.origin();
        Map<String, ActorRef<NodeMessages.Step>> agents = new HashMap<>(origin.agents());
        agents.put(node, ActorRefResolver.get(kit.system()).resolveActorRef(path));
        return new Activate(
                served.epoch(),
                served.plan(),
                served.inputs(),
                served.outputs(),
                served.shards(),
                served.tethers(),
                served.window(),
                new GatewayMessages.Origin(origin.offer(), origin.order(), agents, origin.tethers(), origin.links()),
                served.replyTo());
    }

    @Test
    void resumesARecoveryThatAnotherSupervisorHasLeftUndone() {
        TestNode first = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate served = activated();

        startAgain();
        register(first, ENOUGH);
        handOver(holdings(Optional.empty(), List.of(), Optional.of(served.origin())));

        assertThat(activated().epoch()).isGreaterThan(served.epoch());
    }

    @Test
    void asksAGatewayNothingWhoseRecoveryIsUnderWay() {
        TestNode first = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate served = activated();
        first.silent = true;
        startAgain();
        register(first, ENOUGH);
        handOver(holdings(Optional.empty(), List.of(), Optional.of(served.origin())));
        first.next(Prepare.class);
        first.next(Prepare.class);

        supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, false));

        gateway.expectNoMessage(Duration.ofMillis(200));
    }

    @Test
    void drainsWhatAnotherSupervisorHasReplaced() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate old = activated();
        deploy(Scheme.SINGLE, 1);
        Activate serving = activated();

        startAgain();
        register(node, ENOUGH);
        handOver(holdings(Optional.of(serving), List.of(old), Optional.empty()));
        // Each epoch is adopted by an actor of its own, so either may be the first.
        GatewayMessages.Adopt one = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        GatewayMessages.Adopt other = (GatewayMessages.Adopt) next(GatewayMessages.Adopt.class);
        (one.epoch() == old.epoch() ? one : other).replyTo().tell(new Drained(old.epoch()));

        assertThat(List.of(one.epoch(), other.epoch())).containsExactlyInAnyOrder(old.epoch(), serving.epoch());
        node.expectRetired(old.epoch());
    }

    @Test
    void replacesWhatIsLostWithTheLinksThatTheOneBeforeHasMeasured() {
        Activate serving = servedByOneOfTwo();
        TestNode left = spare(serving);
        assertThat(serving.origin().links()).anyMatch(link -> link.to().equals(left.name));

        TestProbe<LinkProbe.Command> silent = takeOver(serving, left);

        assertThat(place(activated(), 0)).isEqualTo(left.name);
        silent.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void measuresLinksBeforeItsLastAttempt() {
        Activate serving = servedByOneOfTwo();
        TestNode left = spare(serving);
        left.silent = true;

        TestProbe<LinkProbe.Command> silent = takeOver(serving, left);
        for (int attempt = 0; attempt < 2; attempt++) {
            Prepare prepare = left.next(Prepare.class);
            prepare.replyTo().tell(new StepFailed(prepare.epoch(), left.name, "nothing arrives"));
        }

        silent.receiveMessage(PATIENCE);
    }

    private Activate servedByOneOfTwo() {
        node("a");
        node("b");
        deploy(Scheme.SINGLE, 1);
        return activated();
    }

    private TestNode spare(Activate serving) {
        return Objects.requireNonNull(nodes.get(place(serving, 0).equals("a") ? "b" : "a"));
    }

    /** A new supervisor knows one node of two, whose links do not answer, and hears what the gateway holds. */
    private TestProbe<LinkProbe.Command> takeOver(Activate serving, TestNode left) {
        startAgain();
        TestProbe<LinkProbe.Command> silent = kit.createTestProbe();
        SupervisorMessages.Register register = left.registration(ENOUGH);
        supervisor.tell(
                new SupervisorMessages.Register(register.report(), register.agent(), silent.ref(), register.notices()));
        handOver(holdings(Optional.of(serving), List.of(), Optional.empty()));
        return silent;
    }

    @Test
    void leavesAGatewayAloneThatPutsItBackItself() {
        node("a");

        supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, true));
        gateway.expectNoMessage(Duration.ofMillis(200));

        supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, false));
        next(GatewayMessages.Recall.class);
    }

    @Test
    void recoversForAGatewayThatCannotDoItItself() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate served = activated();
        startAgain();
        register(node, ENOUGH);

        GatewayMessages.Recall recall = gateway.awaitAssert(PATIENCE, () -> {
            supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, true));
            return gateway.expectMessageClass(GatewayMessages.Recall.class, SETTLING);
        });
        recall.replyTo().tell(holdings(Optional.empty(), List.of(), Optional.of(served.origin())));

        assertThat(activated().epoch()).isGreaterThan(100);
    }

    @Test
    void anOrderThatFailsLeavesAGatewayWhatItPutsBackItself() {
        supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, true));

        deploy(Scheme.SINGLE, 1);

        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.INTERRUPTED);
    }

    @Test
    void whatAGatewayPutsBackItselfIsWithdrawnThere() {
        supervisor.tell(new Announce(gatewayRef, 100, 0, 0, List.of(), true, true));

        supervisor.tell(new SupervisorMessages.Undeploy(
                gateway.ref(),
                kit.<SupervisorMessages.Undeployed>createTestProbe().ref()));

        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
    }

    @Test
    void putsNothingBackThatTheGatewayHasPutBackItself() {
        announceTaciturn();
        Activate serving = servedByOneOfTwo();
        TestNode left = spare(serving);
        left.silent = true;
        lose(place(serving, 0));
        Prepare own = left.next(Prepare.class);

        handOver(standIn(serving, own.plan(), left));

        left.expectRetired(own.epoch());
        assertThat(((GatewayMessages.Adopt) next(GatewayMessages.Adopt.class)).epoch())
                .isEqualTo(OWN_EPOCH);
        gateway.expectNoMessage(Duration.ofMillis(200));
    }

    @Test
    void givesNoEpochThatAGatewayMayPutInPlaceItself() {
        supervisor.tell(new Announce(gatewayRef, 3, 41, 0, List.of(), false, false));
        node("a");

        deploy(Scheme.SINGLE, 1);

        assertThat(activated().epoch()).isEqualTo(42);
    }

    @Test
    void givesEpochsThatAreNewerThanWhatAnyGatewayHasSeen() {
        announce(41);
        node("a");

        deploy(Scheme.SINGLE, 1);

        assertThat(activated().epoch()).isEqualTo(42);
    }
}
