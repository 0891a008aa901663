package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.DeployReply.PlanRefused;
import dev.tandem.actors.protocol.DeployReply.RolloutFailed;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What is in place takes memory from what is to come. */
@SuppressWarnings("NullAway.Init")
class SupervisorMemoryTest extends SupervisorCase {

    @Test
    void freesWhatServesFirstWhereThereIsNoRoomForBoth() {
        Activate alone = single();
        allowHardlyMore(alone);

        orderPipeline();

        assertThat(nextAbandon()).satisfies(abandon -> assertNoRoom(abandon, alone));
        assertThat(activated().plan().lanes().get(0).stages()).hasSize(2);
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void putsBackWhatServedWhenTheOtherCannotBePutInPlace() {
        Activate alone = single();
        allowHardlyMore(alone);
        TestNode other = Objects.requireNonNull(nodes.get(place(alone, 0).equals("a") ? "b" : "a"));
        other.silent = true;

        orderPipeline();

        assertThat(nextAbandon()).satisfies(abandon -> assertNoRoom(abandon, alone));
        Prepare prepare = other.next(Prepare.class);
        other.silent = false;
        prepare.replyTo().tell(new StepFailed(prepare.epoch(), other.name, "disk full"));
        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("disk full");
        assertThat(activated().plan().scheme()).isEqualTo(alone.plan().scheme());
    }

    @Test
    void freesWhatDrainsBeforeWhatServes() {
        node("a");
        node("b");
        orderPipeline();
        Activate draining = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        deploy(Scheme.SINGLE, 1);
        Activate serving = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        String used = place(serving, 0);
        long whole = serving.plan().memoryBytes(used);
        register(Objects.requireNonNull(nodes.get(used.equals("a") ? "b" : "a")), whole + 1);

        deploy(Scheme.LANES, 2);

        assertThat(nextChange()).isInstanceOfSatisfying(Abandon.class, abandon -> assertThat(abandon.epoch())
                .isEqualTo(draining.epoch()));
        assertThat(nextChange()).isInstanceOfSatisfying(Activate.class, lanes -> assertThat(
                        lanes.plan().lanes())
                .hasSize(2));
    }

    @Test
    void aNodeThatLeavesIsReplacedAlsoWhereThereIsNoRoomForBoth() {
        Activate alone = single();
        orderPipeline();
        Activate pipeline = activated();
        alone.replyTo().tell(new Drained(alone.epoch()));
        allowHardlyMore(alone);

        supervisor.tell(Objects.requireNonNull(nodes.get("b")).registration(ENOUGH, true));

        assertThat(nextChange()).isInstanceOfSatisfying(Abandon.class, abandon -> {
            assertThat(abandon.epoch()).isEqualTo(pipeline.epoch());
            assertThat(abandon.outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        });
        assertThat(activated().plan().lanes().get(0).nodes()).containsExactly("a");
    }

    @Test
    void replacesAPlanByTheSameWithoutABreak() {
        Activate alone = single();
        leaveRoomOnlyWhereItIs(alone);

        deploy(Scheme.SINGLE, 1);

        assertThat(nextChange()).isInstanceOfSatisfying(Activate.class, again -> assertThat(
                        again.plan().lanes())
                .isEqualTo(alone.plan().lanes()));
    }

    @Test
    void plansWithWhatTheModelsOfOtherGatewaysLeave() {
        Activate alone = single();
        leaveRoomOnlyWhereItIs(alone);
        TestProbe<DataMessage> second = kit.createTestProbe();
        GatewayRef secondRef = new GatewayRef("second", second.ref(), gatewayRef.probe());
        supervisor.tell(new Announce(secondRef, 0, 0, 0, List.of(), false, false));
        DeployOrder order = new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1);

        supervisor.tell(new Deploy(otherModel(), order, secondRef, LONG.toMillis(), client.ref()));

        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .contains("memory");
    }

    private DataMessage nextChange() {
        return gateway.fishForMessage(
                        PATIENCE,
                        message -> message instanceof Abandon || message instanceof Activate
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    private void assertNoRoom(Abandon abandon, Activate served) {
        assertThat(abandon.epoch()).isEqualTo(served.epoch());
        assertThat(abandon.outlook()).isEqualTo(Outlook.ANOTHER_FOLLOWS);
        assertThat(abandon.reason())
                .startsWith("there is no room for the next plan beside it: node " + place(served, 0) + " has ");
    }

    private Activate single() {
        node("a");
        node("b");
        deploy(Scheme.SINGLE, 1);
        Activate alone = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        return alone;
    }

    private void allowHardlyMore(Activate alone) {
        long whole = alone.plan().memoryBytes(place(alone, 0));
        nodes.values().forEach(node -> register(node, whole + 1));
    }

    private void leaveRoomOnlyWhereItIs(Activate alone) {
        allowHardlyMore(alone);
        nodes.values().stream()
                .filter(node -> !node.name.equals(place(alone, 0)))
                .forEach(node -> register(node, 1024));
    }

    private void orderPipeline() {
        DeployOrder order = new DeployOrder(Scheme.PIPELINE, Objective.LATENCY, 2, 1);
        supervisor.tell(new Deploy(offer(), order, gatewayRef, LONG.toMillis(), client.ref()));
    }
}
