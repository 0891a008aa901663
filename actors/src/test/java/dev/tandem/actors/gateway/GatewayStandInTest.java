package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activated;
import dev.tandem.actors.gateway.GatewayMessages.Adopt;
import dev.tandem.actors.gateway.GatewayMessages.Contingency;
import dev.tandem.actors.gateway.GatewayMessages.DropContingency;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.LanesLost;
import dev.tandem.actors.gateway.GatewayMessages.Origin;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.gateway.GatewayMessages.Recall;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Prepared;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.node.NodeMessages.Wired;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.core.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose supervisor is lost with all that serves. */
@SuppressWarnings("NullAway.Init")
class GatewayStandInTest extends GatewayCase {

    private static final TetherAddress THERE = new TetherAddress("localhost", 1, 7);
    private static final TetherAddress ELSEWHERE = new TetherAddress("localhost", 2, 8);
    private static final Duration A_WHILE = Duration.ofMillis(200);

    private final Plan instead = TestPlans.chain("m", "b");
    private TestProbe<NodeMessages.Step> lost;
    private TestProbe<NodeMessages.Step> left;

    @BeforeEach
    void spawnAgents() {
        lost = kit.createTestProbe("lost");
        left = kit.createTestProbe("left");
    }

    @Test
    void putsInPlaceWhatTheSupervisorHasPlannedForItsOwnLoss() {
        TestShard first = serve(TestPlans.lanes("m", 1));
        RequestId request = infer(5);
        first.next();
        tethers.lose("node-0", 7);

        supervisor.expectMessageClass(Faulty.class);
        lost.expectMessage(new Retire(1, kit.system().ignoreRef()));
        TestShard second = rollOut();
        second.answerNext();
        assertCompleted(request, 2, 5);
        assertThat(announcement(announce -> announce.serving() == 2).isInterrupted())
                .isFalse();
        assertThat(tethers.held).doesNotContain("node-0");
    }

    @Test
    void announcesThatNothingServesUntilItIsInPlace() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        left.expectMessageClass(Prepare.class);

        Announce meanwhile = announcement(Announce::isInterrupted);
        assertThat(meanwhile.serving()).isZero();
        assertThat(meanwhile.newestEpoch()).isEqualTo(2);
        assertThat(meanwhile.isStandingIn()).isTrue();
    }

    @Test
    void leavesWhatItCouldNotPutInPlaceToTheNextSupervisor() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        Prepare prepare = left.expectMessageClass(Prepare.class);

        prepare.replyTo().tell(new StepFailed(2, "b", "disk full"));

        Announce after = announcement(announce -> !announce.isStandingIn() && announce.newestEpoch() == 2);
        assertThat(after.isInterrupted()).isTrue();
        assertThat(holdings().interrupted()).isPresent();
    }

    @Test
    void announcesTheNumberThatIsTakenByWhatItKeeps() {
        serve(TestPlans.lanes("m", 1));

        Announce kept = announcement(announce -> announce.reservedEpoch() != 0);

        assertThat(kept.reservedEpoch()).isEqualTo(2);
        assertThat(kept.newestEpoch()).isEqualTo(1);
    }

    @Test
    void keepsNothingAgainstANodeThatItCouldNotBeTiedTo() {
        serve(TestPlans.lanes("m", 1));
        tethers.fail("node-0", 7);
        tethers.lose("node-0", 7);

        left.expectNoMessage(A_WHILE);
        assertThat(announcement(announce -> announce.serving() == 1 && announce.reservedEpoch() == 0)
                        .isStandingIn())
                .isFalse();
    }

    @Test
    void forgetsWhatTheSupervisorTakesBack() {
        serve(TestPlans.lanes("m", 1));
        gateway.tell(new DropContingency(1));
        tethers.lose("node-0", 7);

        left.expectNoMessage(A_WHILE);
        assertThat(tethers.held).containsExactly("node-0");
    }

    @Test
    void keepsItWhenWhatAnotherEpochHasIsTakenBack() {
        serve(TestPlans.lanes("m", 1));
        gateway.tell(new DropContingency(9));
        tethers.lose("node-0", 7);

        left.expectMessageClass(Prepare.class);
    }

    @Test
    void givesItUpWhenTheModelIsWithdrawn() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        left.expectMessageClass(Prepare.class);

        gateway.tell(new Abandon(0, "the model was withdrawn", Outlook.OVER));

        assertThat(left.expectMessageClass(Retire.class).epoch()).isEqualTo(2);
        assertThat(holdings().interrupted()).isEmpty();
    }

    @Test
    void takesNoneOfItsOwnAnyMoreThatItHasGivenUp() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        supervisor.expectMessageClass(Faulty.class);
        Prepare prepare = left.expectMessageClass(Prepare.class);
        prepare.replyTo().tell(new StepFailed(2, "b", "disk full"));
        announcement(announce -> announce.isInterrupted() && !announce.isStandingIn());

        gateway.tell(activation(2, instead, List.of(shard(2, instead).ref())));

        supervisor.expectMessageClass(Faulty.class);
        assertThat(holdings().serving()).isEmpty();
    }

    @Test
    void requestsWaitForItsOwnPlanAlsoWhenTheSupervisorHasNone() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        Prepare prepare = left.expectMessageClass(Prepare.class);
        RequestId request = infer(5);

        gateway.tell(new Abandon(0, "no nodes", Outlook.INTERRUPTED));

        rollOut(prepare).answerNext();
        assertCompleted(request, 2, 5);
    }

    /** A node asks whether it may free an epoch when the one ends that it had the epoch from. */
    @Test
    void whatItHasPutInPlaceAndIsReplacedLivesUntilItIsDrained() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        Prepare prepare = left.expectMessageClass(Prepare.class);
        TestShard second = rollOut(prepare);
        RequestId request = infer(5);
        TestProbe<String> ends = watch(prepare.replyTo());
        supervisor.expectMessageClass(Faulty.class);

        activate(3, "m");
        ends.expectNoMessage(A_WHILE);
        second.answerNext();

        assertCompleted(request, 2, 5);
        ends.expectMessage("ended");
    }

    private TestProbe<String> watch(ActorRef<?> watched) {
        TestProbe<String> ends = kit.createTestProbe();
        kit.spawn(Behaviors.<String>setup(context -> {
            context.watchWith(watched, "ended");
            return Behaviors.receiveMessage(message -> {
                ends.ref().tell(message);
                return Behaviors.same();
            });
        }));
        return ends;
    }

    private Holdings holdings() {
        TestProbe<Holdings> asker = kit.createTestProbe();
        gateway.tell(new Recall(asker.ref()));
        return asker.receiveMessage();
    }

    @Test
    void lanesThatDoWithoutTheNodeServeOn() {
        serve(TestPlans.lanes("m", 1, 1));
        tethers.lose("node-0", 7);

        supervisor.expectMessage(new LanesLost(1, Set.of(0)));
        left.expectNoMessage(A_WHILE);
    }

    @Test
    void waitsForTheSupervisorWhenAnotherIncarnationIsLost() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 8);

        left.expectNoMessage(A_WHILE);
        assertAlive();
    }

    @Test
    void forgetsItWithTheEpochThatItIsFor() {
        serve(TestPlans.lanes("m", 1));
        activate(3, "m");

        tethers.lose("node-0", 7);
        left.expectNoMessage(A_WHILE);
        assertThat(tethers.held).doesNotContain("node-0");
    }

    @Test
    void takesNoneForAnEpochThatIsOver() {
        serve(TestPlans.lanes("m", 1));
        activate(3, "m");

        gateway.tell(contingency());
        assertAlive();
        assertThat(tethers.held).doesNotContain("node-0");
    }

    @Test
    void givesItUpForWhatAnotherSupervisorPutsInPlace() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        left.expectMessageClass(Prepare.class);
        supervisor.expectMessageClass(Faulty.class);

        activate(3, "m");

        assertThat(left.expectMessageClass(Retire.class).epoch()).isEqualTo(2);
    }

    @Test
    void leavesItToTheNextSupervisor() {
        serve(TestPlans.lanes("m", 1));
        tethers.lose("node-0", 7);
        rollOut();
        announcement(announce -> announce.serving() == 2);
        TestProbe<GatewayMessages.Reply> next = kit.createTestProbe("next");

        gateway.tell(new Adopt(2, next.ref()));
        gateway.tell(activation(
                3,
                TestPlans.chain("m", "c"),
                List.of(shard(3, TestPlans.chain("m", "c")).ref())));

        next.expectMessage(new GatewayMessages.Drained(2));
    }

    /** An epoch on a node that the gateway is to do without; returns its first shard. */
    private TestShard serve(Plan plan) {
        List<TestShard> shards = plan.lanes().stream()
                .map(lane -> new TestShard(kit, gateway, 1, plan, plan.lanes().indexOf(lane)))
                .toList();
        Origin origin = origin(Map.of("node-0", lost.ref()), Map.of("node-0", THERE));
        List<ShardRef> refs = shards.stream().map(TestShard::ref).toList();
        gateway.tell(activation(1, plan, refs, Map.of("node-0", THERE), origin));
        supervisor.expectMessage(new Activated(1));
        gateway.tell(contingency());
        assertAlive();
        return shards.get(0);
    }

    private Contingency contingency() {
        Origin origin = origin(Map.of("b", left.ref()), Map.of("b", ELSEWHERE));
        return new Contingency(1, "node-0", activation(2, instead, List.of(), Map.of(), origin), 10_000);
    }

    private TestShard rollOut() {
        return rollOut(left.expectMessageClass(Prepare.class));
    }

    private TestShard rollOut(Prepare prepare) {
        assertThat(prepare.epoch()).isEqualTo(2);
        assertThat(prepare.plan()).isEqualTo(instead);
        TestShard shard = shard(2, instead);
        prepare.replyTo().tell(new Prepared(2, "b", List.of(shard.ref())));
        left.expectMessageClass(Wire.class).replyTo().tell(new Wired(2, "b"));
        return shard;
    }

    private TestShard shard(long epoch, Plan plan) {
        return new TestShard(kit, gateway, epoch, plan, 0);
    }
}
