package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Claim;
import dev.tandem.actors.gateway.GatewayMessages.Claimed;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** How a gateway goes from one epoch to the next. */
class GatewayEpochTest extends GatewayCase {

    @Test
    void drainsTheOldEpochBeforeItSaysSo() {
        TestShard old = activate(1, "m").get(0);
        RequestId first = infer(1);
        TestShard next = activate(2, "m").get(0);
        RequestId second = infer(2);
        next.answerNext();
        assertCompleted(second, 2, 2);

        old.answerNext();

        assertCompleted(first, 1, 1);
        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void saysDrainedAtOnceWhenNothingIsInTheOldEpoch() {
        activate(1, "m");
        activate(2, "m");

        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void refusesAnEpochThatIsNotNewerThanWhatItHasSeen() {
        TestShard shard = activate(2, "m").get(0);

        gateway.tell(activation(1, TestPlans.lanes("m", 1), List.of(shard.ref())));

        assertThat(supervisor.expectMessageClass(Faulty.class))
                .isEqualTo(new Faulty(
                        1, "it cannot be activated: it must be newer than epoch 2, which this gateway has seen"));
        RequestId first = infer(1);
        shard.answerNext();
        assertCompleted(first, 2, 1);
    }

    @Test
    void letsTheOldModelAnswerWhatItWasAskedWhenAnotherTakesItsPlace() {
        TestShard old = activate(1, "m").get(0);
        List<RequestId> asked = List.of(infer(1), infer(2), infer(3));
        TestShard next = activate(2, "another").get(0);
        RequestId toNext = infer(4);
        next.answerNext();
        assertCompleted(toNext, 2, 4);

        for (int index = 0; index < asked.size(); index++) {
            old.answerNext();
            assertCompleted(asked.get(index), 1, index + 1);
        }

        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void sendsAgainInOrderWhatWasLostWithAnEpoch() {
        activate(1, "m", 1, 1);
        List<RequestId> lost = List.of(infer(1), infer(2), infer(3), infer(4));
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        lost = new ArrayList<>(lost);
        lost.add(infer(5));

        TestShard next = activate(2, "m").get(0);

        for (int index = 0; index < lost.size(); index++) {
            next.answerNext();
            assertCompleted(lost.get(index), 2, index + 1);
        }
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void answersThatThePipelineIsLostWhenNothingFollows() {
        activate(1, "m");
        infer(1);

        gateway.tell(new Abandon(1, "node a was lost", GatewayMessages.Outlook.OVER));

        assertFailed(ErrorCode.PIPELINE_LOST, "node a was lost");
        infer(2);
        assertFailed(ErrorCode.NOT_SERVING, "node a was lost");
    }

    @Test
    void givesUpWhenThePlanThatWasToFollowIsRefused() {
        activate(1, "m");
        infer(1);
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        gateway.tell(new Abandon(0, "no memory", GatewayMessages.Outlook.OVER));

        assertFailed(ErrorCode.PIPELINE_LOST, "no memory");
    }

    @Test
    void sendsWhatIsStuckInTheOldEpochToTheNewOne() {
        activate(1, "m");
        RequestId stuck = infer(7);
        TestShard next = activate(2, "m").get(0);

        gateway.tell(new Abandon(1, "not drained in time", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        next.answerNext();
        assertCompleted(stuck, 2, 7);
    }

    @Test
    void neverSendsARequestToAnotherModelThanItWasAskedOf() {
        activate(1, "m");
        infer(1);
        gateway.tell(new Abandon(1, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));

        activate(2, "another");

        assertFailed(ErrorCode.PIPELINE_LOST, "served no more");
    }

    @Test
    void ignoresLateFramesAndCreditOfAnAbandonedEpoch() {
        TestShard old = activate(1, "m").get(0);
        RequestId request = infer(1);
        TensorFrame late = old.next();
        gateway.tell(new Abandon(1, "lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        TestShard next = activate(2, "m").get(0);

        old.answer(late);
        next.answerNext();

        assertCompleted(request, 2, 1);
        supervisor.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void dealsWhatALostLaneOwesToTheOthers() {
        List<TestShard> lanes = activate(1, "m", 1, 1);
        RequestId first = infer(1);
        RequestId second = infer(2);
        TensorFrame late = lanes.get(0).next();

        gateway.tell(new DropLanes(1, Set.of(0)));
        RequestId third = infer(3);
        for (int request = 0; request < 3; request++) {
            lanes.get(1).answerNext();
        }
        lanes.get(0).answer(late);

        assertCompleted(second, 1, 2);
        assertCompleted(first, 1, 1);
        assertCompleted(third, 1, 3);
        client.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void dealsToALaneThatStandsByOnlyWhenNoOtherIsLeft() {
        List<TestShard> lanes = activate(1, "m", 1, 0, 0);
        RequestId first = infer(1);
        RequestId second = infer(2);
        lanes.get(0).next();
        lanes.get(1).expectNothing();

        gateway.tell(new DropLanes(1, Set.of(0)));

        lanes.get(1).answerNext();
        lanes.get(1).answerNext();
        assertCompleted(first, 1, 1);
        assertCompleted(second, 1, 2);
        lanes.get(2).expectNothing();
    }

    @Test
    void drainsAnEpochThatHasLostALane() {
        List<TestShard> old = activate(1, "m", 1, 1);
        RequestId request = infer(1);
        old.get(0).next();
        activate(2, "m");

        gateway.tell(new DropLanes(1, Set.of(0)));

        old.get(1).answerNext();
        assertCompleted(request, 1, 1);
        supervisor.expectMessage(new Drained(1));
    }

    @Test
    void dropsTheLanesOfANodeWhoseTetherIsLost() {
        Plan plan = TestPlans.lanes("m", 1, 1);
        List<TestShard> lanes =
                List.of(new TestShard(kit, gateway, 1, plan, 0), new TestShard(kit, gateway, 1, plan, 1));
        gateway.tell(activation(
                1,
                plan,
                lanes.stream().map(TestShard::ref).toList(),
                Map.of("node-0", new TetherAddress("a", 1, 7), "node-1", new TetherAddress("b", 1, 8))));
        supervisor.expectMessage(new Activated(1));
        RequestId request = infer(1);
        lanes.get(0).next();

        tethers.lose("node-0", 6);
        lanes.get(1).expectNothing();
        tethers.lose("node-0", 7);
        supervisor.expectMessage(new LanesLost(1, Set.of(0)));

        lanes.get(1).answerNext();
        assertCompleted(request, 1, 1);
    }

    @Test
    void tellsANewSupervisorOfLostLanes() {
        activate(1, "m", 1, 1);
        gateway.tell(new DropLanes(1, Set.of(1)));

        gateway.tell(new GatewayMessages.Adopt(1, supervisor.ref()));

        supervisor.expectMessage(new LanesLost(1, Set.of(1)));
    }

    @Test
    void anEpochWithoutLanesIsAtFault() {
        activate(1, "m", 1, 1);
        gateway.tell(new DropLanes(1, Set.of(1)));

        gateway.tell(new DropLanes(1, Set.of(0)));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("all of its lanes are lost");
    }

    @Test
    void leavesAnEpochWithoutAnyOtherLaneToTheSupervisor() {
        Plan plan = TestPlans.lanes("m", 1);
        TestShard only = new TestShard(kit, gateway, 1, plan, 0);
        gateway.tell(activation(1, plan, List.of(only.ref()), Map.of("node-0", new TetherAddress("a", 1, 7))));
        supervisor.expectMessage(new Activated(1));
        RequestId request = infer(1);

        tethers.lose("node-0", 7);

        only.answerNext();
        assertCompleted(request, 1, 1);
    }

    @Test
    void refusesEpochThatIsNotNewerThanOneItHasSeen() {
        activate(3, "m");
        gateway.tell(new Abandon(5, "lost before it came", GatewayMessages.Outlook.OVER));

        gateway.tell(activation(5, TestPlans.lanes("m", 1), List.of()));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("newer than epoch 5");
        assertAlive();
    }

    @Test
    void refusesPlanWhoseShardsAreNotThere() {
        gateway.tell(activation(1, TestPlans.lanes("m", 1), List.of()));

        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("no shard 0.0 in epoch 1");
        assertAlive();
    }

    @Test
    void neverTakesAnEpochThatItHasToldANodeToFree() {
        TestProbe<Claimed> node = kit.createTestProbe();
        activate(3, "m");

        gateway.tell(new Claim(3, node.ref()));
        gateway.tell(new Claim(4, node.ref()));
        gateway.tell(activation(4, TestPlans.lanes("m", 1), List.of()));

        node.expectMessage(new Claimed(3, true));
        node.expectMessage(new Claimed(4, false));
        assertThat(supervisor.expectMessageClass(Faulty.class).reason()).contains("newer than epoch 4");
    }

    @Test
    void letsNodesGoWhenItEnds() {
        Plan plan = TestPlans.lanes("m", 1);
        TestShard shard = new TestShard(kit, gateway, 3, plan, 0);
        Map<String, TetherAddress> nodes = Map.of("a", new TetherAddress("10.0.0.1", 1, 7));
        gateway.tell(activation(3, plan, List.of(shard.ref()), nodes));
        supervisor.expectMessage(new Activated(3));

        gateway.tell(GatewayActor.Close.CLOSE);

        supervisor.expectTerminated(gateway);
        assertThat(tethers.held).isEmpty();
        assertThat(tethers.isHeard).isFalse();
    }

    @Test
    void letsNodesGoWithTheEpochThatNeededThem() {
        Plan plan = TestPlans.lanes("m", 1);
        TestShard shard = new TestShard(kit, gateway, 3, plan, 0);
        Map<String, TetherAddress> nodes = Map.of("a", new TetherAddress("10.0.0.1", 1, 7));

        gateway.tell(activation(3, plan, List.of(shard.ref()), nodes));
        supervisor.expectMessage(new Activated(3));
        assertThat(tethers.held).containsExactly("a");
        gateway.tell(new Abandon(3, "lost", GatewayMessages.Outlook.OVER));
        assertAlive();

        assertThat(tethers.held).isEmpty();
    }
}
