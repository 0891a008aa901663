package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Contingency;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.DropContingency;
import dev.tandem.actors.gateway.GatewayMessages.DropLanes;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a supervisor does ahead for the loss of a node. */
@SuppressWarnings("NullAway.Init")
class ContingenciesTest extends SupervisorCase {

    private static final Duration WATCHING = Duration.ofMillis(20);

    /** Until it makes anything ahead, which is six looks at what serves. */
    private static final Duration LONGER_THAN_ITS_PAUSE = Duration.ofMillis(500);

    private TestProbe<DataMessage> contingencies;

    @BeforeEach
    void spawnOneThatKeepsLanesOnStandby() {
        kit.stop(supervisor);
        supervisor = kit.spawn(Supervisor.create(limits(LONG, WATCHING), () -> policy(StandbyMode.WARM)));
        contingencies = kit.createTestProbe("contingencies");
        gatewayRef = new GatewayRef("gateway", kit.spawn(sorting()), gatewayRef.probe());
        announce(0);
    }

    private Behavior<DataMessage> sorting() {
        ActorRef<DataMessage> others = kit.spawn(taciturn(gateway.ref()));
        return Behaviors.receiveMessage(message -> {
            (message instanceof Contingency || message instanceof DropContingency ? contingencies.ref() : others)
                    .tell(message);
            return Behaviors.same();
        });
    }

    /** It would go on to look at plans. */
    @AfterEach
    void stopIt() {
        kit.stop(supervisor);
    }

    private static PlanPolicy policy(StandbyMode standby) {
        return new PlanPolicy(
                Scheme.AUTO,
                Objective.THROUGHPUT,
                Constraints.NONE,
                List.of(),
                Codec.EXACT,
                new PlanPolicy.Rebalance(false, new MoveRule(0.3, Duration.ofMinutes(1)), Duration.ZERO, standby));
    }

    @Test
    void opensALaneForTheLossOfTheOnlyNodeAndServesWithItWhenThatIsLost() {
        node("a");
        node("b");
        Activate alone = single();
        Activate covered = covered(alone);
        String first = place(alone, 0);
        String other = first.equals("a") ? "b" : "a";

        assertThat(covered.plan().working()).isEqualTo(alone.plan().lanes());
        assertThat(covered.plan().standby()).extracting(Lane::nodes).containsExactly(Set.of(other));
        assertThat(covered.plan().predicted().throughputPerSecond())
                .isEqualTo(alone.plan().predicted().throughputPerSecond());
        assertThat(covered.tethers()).containsOnlyKeys("a", "b");
        lose(first);

        assertThat(gateway.receiveMessage(PATIENCE)).isEqualTo(new DropLanes(covered.epoch(), Set.of(0)));
        Activate recovered = activated();
        assertThat(recovered.plan().lanes()).extracting(Lane::nodes).containsExactly(Set.of(other));
        gateway.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void leavesItsGatewayThePlanForTheLossOfTheNodeThatItIsOn() {
        List.of("a", "b", "c").forEach(this::node);
        planOnly();
        order(new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 3, 3));
        Activate served = activated();
        assertThat(served.plan().lanes().get(0).nodes()).containsOnly("a", "b", "c");

        Contingency left = nextContingency();

        assertThat(left.epoch()).isEqualTo(served.epoch());
        assertThat(left.node()).isEqualTo("a");
        assertThat(left.instead().epoch()).isGreaterThan(served.epoch());
        assertThat(left.instead().plan().lanes())
                .flatExtracting(Lane::nodes)
                .isNotEmpty()
                .doesNotContain("a");
        assertThat(left.instead().origin().agents()).containsOnlyKeys("b", "c");
        assertThat(left.instead().shards()).isEmpty();
    }

    @Test
    void takesBackWhatIsForOtherNodesThanThereAre() {
        List.of("a", "b", "c").forEach(this::node);
        planOnly();
        order(new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 3, 3));
        Activate served = activated();
        nextContingency();

        node("d");

        assertThat(contingencies.receiveMessage(PATIENCE)).isEqualTo(new DropContingency(served.epoch()));
    }

    @Test
    void takesItBackWhenTheSettingsWantNoneAnyMore() {
        List.of("a", "b", "c").forEach(this::node);
        planOnly();
        order(new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 3, 3));
        Activate served = activated();
        nextContingency();

        supervisor.tell(new PolicyChanges.Change(
                policy(StandbyMode.NONE),
                kit.<PolicyChanges.Outcome>createTestProbe().ref()));

        assertThat(contingencies.receiveMessage(PATIENCE)).isEqualTo(new DropContingency(served.epoch()));
        contingencies.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void takesBackWhatASupervisorBeforeHasLeft() {
        supervisor.tell(new Announce(gatewayRef, 3, 0, 3, List.of(), false, false));
        contingencies.expectNoMessage(LONGER_THAN_ITS_PAUSE);

        supervisor.tell(new Announce(gatewayRef, 3, 4, 3, List.of(), false, false));

        contingencies.expectMessage(new DropContingency(3));
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 2"})
    void leavesGatewaysNoMoreTogetherThanThereIsRoomFor(boolean isRoomForTwo, int expected) {
        List.of("a", "b", "c").forEach(this::node);
        planOnly();
        DeployOrder order = new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 3, 3);
        order(order);
        Plan served = activated().plan();
        Plan alone = nextContingency().instead().plan();
        if (!isRoomForTwo) {
            Stream.of("b", "c")
                    .forEach(left -> register(
                            Objects.requireNonNull(nodes.get(left)),
                            served.memoryBytes(left) + alone.memoryBytes(left) + 1));
        }

        GatewayRef other = new GatewayRef("other", kit.spawn(sorting()), gatewayRef.probe());
        supervisor.tell(new Announce(other, 0, 0, 0, List.of(), false, false));
        supervisor.tell(new Deploy(otherModel(), order, other, LONG.toMillis(), client.ref()));
        activated();

        assertThat(contingencies.receiveMessage(PATIENCE)).isInstanceOf(DropContingency.class);
        for (int left = 0; left < expected; left++) {
            assertThat(contingencies.receiveMessage(PATIENCE)).isInstanceOf(Contingency.class);
        }
        contingencies.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    private void planOnly() {
        supervisor.tell(new PolicyChanges.Change(
                policy(StandbyMode.PLANNED),
                kit.<PolicyChanges.Outcome>createTestProbe().ref()));
    }

    private Contingency nextContingency() {
        return (Contingency) contingencies.receiveMessage(PATIENCE);
    }

    @Test
    void replacesALaneThatStoodByAndIsLostWhileTheOthersServeOn() {
        List.of("a", "b", "c").forEach(this::node);
        Activate alone = single();
        Activate covered = covered(alone);

        lose(covered.plan().standby().get(0).nodes().iterator().next());

        assertThat(gateway.receiveMessage(PATIENCE)).isEqualTo(new DropLanes(covered.epoch(), Set.of(1)));
        Activate again = activated();
        assertThat(again.plan().working()).isEqualTo(alone.plan().lanes());
        assertThat(again.plan().standby())
                .hasSize(1)
                .isNotEqualTo(covered.plan().standby());
    }

    @Test
    void opensALaneAgainWhoseNodeHasStartedAgain() {
        node("a");
        node("b");
        Activate alone = single();
        Activate covered = covered(alone);
        String other = covered.plan().standby().get(0).nodes().iterator().next();

        lose(other);
        node(other);

        Activate again = activated();
        assertThat(again.epoch()).isGreaterThan(covered.epoch());
        assertThat(again.plan().lanes()).isEqualTo(covered.plan().lanes());
        gateway.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void opensNothingWhereMemoryDoesNotAllowIt() {
        node("a");
        node("b");
        Activate alone = single();
        long whole = alone.plan().memoryBytes(place(alone, 0));
        activated();
        nodes.values().forEach(node -> register(node, whole));

        order(new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 2, 1));
        Activate pipeline = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        assertThat(pipeline.plan().lanes().get(0).stages()).hasSize(2);
        gateway.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void closesWhatStoodByWhenTheSettingsWantNoneAnyMore() {
        node("a");
        node("b");
        Activate alone = single();
        activated();
        TestProbe<PolicyChanges.Outcome> outcome = kit.createTestProbe();

        supervisor.tell(new PolicyChanges.Change(policy(StandbyMode.NONE), outcome.ref()));

        outcome.expectMessageClass(PolicyChanges.Accepted.class, PATIENCE);
        assertThat(activated().plan().lanes()).isEqualTo(alone.plan().lanes());
        gateway.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void leavesAPlanAloneThatSomebodyHasMadeHimself() {
        node("a");
        node("b");
        Plan plan = single().plan();
        activated();

        order(DeployOrder.exactly(plan));

        assertThat(activated().plan().lanes()).isEqualTo(plan.lanes());
        client.expectMessageClass(Deployed.class, PATIENCE);
        gateway.expectNoMessage(LONGER_THAN_ITS_PAUSE);
    }

    @Test
    void thePlanForALossIsForThatLossOfThatOrderOnly() {
        node("a");
        node("b");
        Plan plan = single().plan();
        String used = plan.lanes().get(0).nodes().iterator().next();
        String lost = used.equals("a") ? "b" : "a";
        Deploy deploy = deploy(Scheme.SINGLE);
        PlanPolicy policy = policy(StandbyMode.WARM);
        PlansAhead ahead = new PlansAhead();
        ahead.put(new PlansAhead.Foreseen(deploy, policy, Set.of("a", "b"), Map.of(lost, plan)));
        Job recovery = Job.recovery(deploy);

        assertThat(ahead.plan(recovery, policy, topology(used))).hasValue(plan);
        assertThat(ahead.plan(recovery, policy, topology(lost))).isEmpty();
        assertThat(ahead.plan(recovery, policy, topology("a", "b"))).isEmpty();
        assertThat(ahead.plan(recovery, policy, topology(used, "c"))).isEmpty();
        assertThat(ahead.plan(recovery, policy(StandbyMode.NONE), topology(used)))
                .isEmpty();
        assertThat(ahead.plan(Job.recovery(deploy(Scheme.ROWS)), policy, topology(used)))
                .isEmpty();
        ahead.retain(gateway -> false);
        assertThat(ahead.plan(recovery, policy, topology(used))).isEmpty();
    }

    private static Topology topology(String... names) {
        return new Topology(
                Arrays.stream(names)
                        .map(name -> new Node(
                                name,
                                ENOUGH,
                                List.of(new CoreGroup(
                                        new CoreGroupId(name, "cpu"), CoreGroup.Kind.CPU, List.of(0), 1, 1e9))))
                        .toList(),
                List.of());
    }

    private Deploy deploy(Scheme scheme) {
        return new Deploy(offer(), new DeployOrder(scheme, Objective.LATENCY, 1, 1), gatewayRef, 0, client.ref());
    }

    /** When it serves instead of the one without lanes that stand by. */
    private Activate covered(Activate alone) {
        Activate covered = activated();
        alone.replyTo().tell(new Drained(alone.epoch()));
        client.awaitAssert(PATIENCE, () -> {
            TestProbe<ClusterStatus> asker = kit.createTestProbe();
            supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));
            assertThat(asker.receiveMessage().epochs())
                    .extracting(ClusterStatus.EpochStatus::epoch)
                    .containsExactly(covered.epoch());
            return null;
        });
        return covered;
    }

    private Activate single() {
        deploy(Scheme.SINGLE, 1);
        Activate activate = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        return activate;
    }

    private void order(DeployOrder order) {
        supervisor.tell(new Deploy(offer(), order, gatewayRef, LONG.toMillis(), client.ref()));
    }
}
