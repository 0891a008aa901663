package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.DeployReply.RolloutFailed;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeployed;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What a supervisor does when a node, or what it served, is lost. */
class SupervisorRecoveryTest extends SupervisorCase {

    @Test
    void recoversOnWhatIsLeftWhenANodeIsLost() {
        List<TestNode> nodes = List.of(node("a"), node("b"), node("c"));
        deploy(Scheme.PIPELINE, 3);
        long epoch = activated().epoch();
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("b");

        Abandon abandon = nextAbandon();
        assertThat(abandon.epoch()).isEqualTo(epoch);
        assertThat(abandon.outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        nodes.get(0).expectRetired(epoch);
        Activate next = activated();
        assertThat(next.plan().lanes().get(0).stages())
                .hasSize(2)
                .noneMatch(stage -> stage.shards().get(0).place().node().equals("b"));
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void recoversOnWhatIsLeftWhenTwoNodesAreLostTogether() {
        List<TestNode> nodes = List.of(node("a"), node("b"), node("c"));
        deploy(Scheme.PIPELINE, 3);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        nodes.get(0).silent = true;
        nodes.get(1).silent = true;

        lose("a");
        lose("b");

        assertThat(activated().plan().lanes().get(0).nodes()).containsExactly("c");
    }

    @Test
    void tellsTheGatewayWhenNothingCanFollowForNow() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("a");

        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        Abandon last = nextAbandon();
        assertThat(last.outlook()).isEqualTo(Outlook.INTERRUPTED);
        assertThat(last.reason()).contains("no nodes");
    }

    @Test
    void servesAgainWhatCouldNotBePutBackAsSoonAsANodeComes() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        lose("a");
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.INTERRUPTED);

        node("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void putsBackWhatIsLostBeforeItGoesOnWithAnOrderOfAnother() {
        TestNode lost = node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestNode slow = node("b");
        slow.silent = true;
        lost.silent = true;
        TestProbe<DataMessage> other = kit.createTestProbe("other-gateway");
        GatewayRef otherRef = new GatewayRef("other", other.ref(), kit.spawn(LinkProbe.create()));
        supervisor.tell(new Announce(otherRef, 0, 0, 0, List.of(), false, false));
        deploy(otherRef, Scheme.PIPELINE, 2, LONG);
        Prepare displaced = slow.next(Prepare.class);
        slow.silent = false;
        node("c");

        lose("a");

        long putBack = activated().epoch();
        assertThat(putBack).isGreaterThan(displaced.epoch());
        Activate later = (Activate) other.fishForMessage(
                        PATIENCE,
                        message -> message instanceof Activate
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
        assertThat(later.epoch()).isGreaterThan(putBack);
    }

    @Test
    void makesDoWithOneLaneWhereOnlyOneNodeIsLeft() {
        node("a");
        node("b");
        deploy(Scheme.LANES, 2);
        assertThat(activated().plan().lanes()).hasSize(2);
        client.expectMessageClass(Deployed.class, PATIENCE);

        lose("a");

        assertThat(activated().plan().lanes()).singleElement().satisfies(lane -> assertThat(lane.stages())
                .allSatisfy(stage ->
                        assertThat(stage.shards().get(0).place().node()).isEqualTo("b")));
    }

    @Test
    void forgetsWhatCouldNotBePutBackWhenItIsWithdrawn() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        lose("a");
        nextAbandon();
        nextAbandon();

        supervisor.tell(new Undeploy(
                gatewayRef.gateway(), kit.<Undeployed>createTestProbe().ref()));
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
        TestNode other = node("b");

        other.steps.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void tellsTheGatewayThatNothingFollowsWhenWhatIsBeingPutBackIsWithdrawn() {
        node("a");
        TestNode slow = node("b");
        deploy(Scheme.SINGLE, 1);
        Activate served = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        String node = place(served, 0);
        TestNode left = node.equals("a") ? slow : Objects.requireNonNull(nodes.get("a"));
        left.silent = true;
        lose(node);
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        Prepare underWay = left.next(Prepare.class);

        supervisor.tell(new Undeploy(
                gatewayRef.gateway(), kit.<Undeployed>createTestProbe().ref()));

        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
        left.expectRetired(underWay.epoch());
        node("c").steps.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void tellsTheGatewayThatNothingFollowsWhenItIsWithdrawnWhileItSwitches() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate unanswered = nextActivate();

        supervisor.tell(new Undeploy(
                gatewayRef.gateway(), kit.<Undeployed>createTestProbe().ref()));

        List<Abandon> told = List.of(nextAbandon(), nextAbandon());
        assertThat(told).allMatch(abandon -> abandon.outlook() == Outlook.OVER);
        assertThat(told).extracting(Abandon::epoch).contains(unanswered.epoch());
    }

    @Test
    void believesThatASecondNodeIsLostOfWhatWasInPlaceForAMoment() {
        node("a");
        node("b");
        node("c");
        deploy(Scheme.PIPELINE, 3);
        nextActivate();
        lose("b");
        nextAbandon();

        lose("c");

        assertThat(activated().plan().lanes().get(0).stages())
                .allMatch(stage -> stage.shards().get(0).place().node().equals("a"));
    }

    @Test
    void goesOnTryingAfterThreeAttemptsHaveFailed() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        node.next(Wire.class);
        node.silent = true;
        supervisor.tell(new FramesLost(first.epoch(), 0, "a frame was lost"));
        for (int attempt = 0; attempt < 3; attempt++) {
            Prepare prepare = node.next(Prepare.class);
            prepare.replyTo().tell(new StepFailed(prepare.epoch(), "a", "disk is full"));
        }
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.INTERRUPTED);

        node.silent = false;
        node("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch() + 3);
    }

    @Test
    void failsTheRolloutWhenOneOfItsNodesIsLost() {
        node("a");
        TestNode slow = node("b");
        slow.silent = true;
        deploy(Scheme.PIPELINE, 2);
        slow.next(Prepare.class);

        lose("b");

        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("node b was lost");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void answersWithTheRecoveryWhenANodeIsLostWhileTheGatewaySwitches() {
        node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate unanswered = nextActivate();

        lose("b");

        assertThat(nextAbandon().epoch()).isEqualTo(unanswered.epoch());
        Activate next = activated();
        assertThat(client.expectMessageClass(Deployed.class, PATIENCE).epoch()).isEqualTo(next.epoch());
    }

    @Test
    void recoversWhenTheNodeWasLostJustAsTheGatewaySwitched() {
        node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        Activate first = nextActivate();

        first.replyTo().tell(new Activated(first.epoch()));
        lose("b");

        assertThat(activated().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void recoversFromLostFramesAndFaults() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        supervisor.tell(new FramesLost(first.epoch(), 0, "a frame was lost"));
        Activate second = activated();
        second.replyTo().tell(new Faulty(second.epoch(), "frame out of order"));

        assertThat(activated().epoch()).isGreaterThan(second.epoch());
        assertThat(first.epoch()).isLessThan(second.epoch());
    }

    @Test
    void doesNotPutTheOldModelBackOverOneThatWasOrderedMeanwhile() {
        node("a");
        TestNode other = node("b");
        deploy(Scheme.PIPELINE, 2);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        other.next(Wire.class);
        deploy(Scheme.SINGLE, 1);
        Activate ordered = nextActivate();
        String stays = ordered.plan()
                .lanes()
                .get(0)
                .stages()
                .get(0)
                .shards()
                .get(0)
                .place()
                .node();

        lose(stays.equals("a") ? "b" : "a");
        ordered.replyTo().tell(new Activated(ordered.epoch()));

        assertThat(client.expectMessageClass(Deployed.class, PATIENCE).epoch()).isEqualTo(ordered.epoch());
        deploy(Scheme.SINGLE, 1);
        assertThat(nextActivate().epoch())
                .as("no epoch in between was given to a recovery")
                .isEqualTo(ordered.epoch() + 1);
    }

    @Test
    void takesANodeThatStartsAgainForAnother() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();

        TestNode again = node("a");

        assertThat(nextAbandon().epoch()).isEqualTo(first.epoch());
        assertThat(again.next(Prepare.class).epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void noticesThatAnAgentHasStopped() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();

        kit.stop(node.agent);

        assertThat(nextAbandon().epoch()).isEqualTo(first.epoch());
    }

    @Test
    void doesNotBelieveReportsThatCannotBeTrueNow() {
        node("a");
        node("b");
        node("c");
        deploy(Scheme.PIPELINE, 2);
        Activate served = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestNode last = Objects.requireNonNull(nodes.get(place(served, 1)));

        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", "a node that is not there"));
        supervisor.tell(new PeerLost(last.name, last.incarnation - 100, "silent", "gateway"));
        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", idle(served)));
        TestProbe<ClusterView> asker = kit.createTestProbe();
        supervisor.tell(new AwaitNodes(0, asker.ref()));

        assertThat(asker.receiveMessage().nodes()).hasSize(3);
        supervisor.tell(new PeerLost(last.name, last.incarnation, "silent", "gateway"));
        assertThat(nextAbandon().epoch()).isEqualTo(served.epoch());
    }

    private String idle(Activate served) {
        return nodes.keySet().stream()
                .filter(name -> !name.equals(place(served, 0)) && !name.equals(place(served, 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void doesNotTakeALostNodeBackForWhatWasUnderWayFromIt() {
        TestNode node = node("a");
        node("b");
        deploy(Scheme.PIPELINE, 2);
        activated();
        lose("a");
        TestProbe<ClusterView> asker = kit.createTestProbe();

        register(node, ENOUGH);
        supervisor.tell(new AwaitNodes(1, asker.ref()));

        assertThat(asker.receiveMessage().nodes())
                .extracting(report -> report.node().id())
                .containsExactly("b");
    }
}
