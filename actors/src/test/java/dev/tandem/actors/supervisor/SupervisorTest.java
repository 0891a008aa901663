package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.NodeMessages.NameTaken;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.StepFailed;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.DeployReply.PlanRefused;
import dev.tandem.actors.protocol.DeployReply.RolloutFailed;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeployed;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What a supervisor does with orders, while nothing fails. */
class SupervisorTest extends SupervisorCase {

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.of(
                        ProtocolCheck.ownMessages(SupervisorMessages.class, SupervisorMessages.Command.class),
                        Stream.<Class<?>>of(GatewayMessages.Holdings.class),
                        ProtocolCheck.ownMessages(Supervisor.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Deployments.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(JobUnderWay.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Recoveries.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Adoption.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Reloads.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(PolicyChanges.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Rebalancing.class, SupervisorMessages.Command.class),
                        ProtocolCheck.ownMessages(Contingencies.class, SupervisorMessages.Command.class),
                        Stream.<Class<?>>of(LinkChecks.Checked.class, Departures.Evacuated.class))
                .flatMap(types -> types);

        assertThat(ProtocolCheck.unhandled(() -> Supervisor.create(limits(LONG), () -> POLICY), messages))
                .isEmpty();
    }

    @Test
    void measuresPlansAndRollsOut() {
        TestNode node = node("a");

        deploy(Scheme.SINGLE, 1);
        Activate activate = activated();

        Deployed deployed = client.expectMessageClass(Deployed.class, PATIENCE);
        assertThat(deployed.epoch()).isEqualTo(activate.epoch());
        assertThat(deployed.plan().lanes().get(0).stages()).hasSize(1);
        assertThat(node.next(Wire.class).epoch()).isEqualTo(deployed.epoch());
    }

    @Test
    void showsWhatIsWhereAndWhatGatewaysSay() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        long epoch = activated().epoch();
        client.expectMessageClass(Deployed.class, PATIENCE);
        GatewayMessages.Stats said = new GatewayMessages.Stats(1, epoch, 7, 0, 2, 3, 400, 0, 7, 70, List.of(), "");
        TestProbe<ClusterStatus> asker = kit.createTestProbe();

        supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));
        gateway.fishForMessage(PATIENCE, message -> {
            if (message instanceof GatewayMessages.Describe describe) {
                describe.replyTo().tell(said);
                return FishingOutcomes.complete();
            }
            return FishingOutcomes.continueAndIgnore();
        });

        ClusterStatus status = asker.receiveMessage(PATIENCE);
        assertThat(status.nodes()).extracting(node -> node.node().id()).containsExactly("a");
        assertThat(status.gateways())
                .containsExactly(new ClusterStatus.GatewayStatus("gateway", graph.name(), Optional.of(said)));
        assertThat(status.epochs()).singleElement().satisfies(shown -> {
            assertThat(shown.epoch()).isEqualTo(epoch);
            assertThat(shown.isServing()).isTrue();
            assertThat(shown.shards()).singleElement().satisfies(shard -> assertThat(shard.node())
                    .isEqualTo("a"));
        });
    }

    @Test
    void showsEveryGatewayOfAProcess() {
        TestProbe<DataMessage> another = kit.createTestProbe("another");
        GatewayRef anotherRef = new GatewayRef("gateway", another.ref(), gatewayRef.probe());
        supervisor.tell(new Announce(anotherRef, 0, 0, 0, List.of(), false, false));
        node("a");
        deploy(anotherRef, Scheme.SINGLE, 1, LONG);
        Activate activate = (Activate) another.fishForMessage(
                        PATIENCE,
                        message -> message instanceof Activate
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0);
        activate.replyTo().tell(new GatewayMessages.Activated(activate.epoch()));
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestProbe<ClusterStatus> asker = kit.createTestProbe();

        supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));

        assertThat(asker.receiveMessage(PATIENCE).gateways())
                .containsExactly(
                        new ClusterStatus.GatewayStatus("gateway", "", Optional.empty()),
                        new ClusterStatus.GatewayStatus("gateway", graph.name(), Optional.empty()));
    }

    @Test
    void showsAGatewayThatDoesNotAnswerWithoutFigures() {
        TestProbe<ClusterStatus> asker = kit.createTestProbe();

        supervisor.tell(new SupervisorMessages.DescribeStatus(asker.ref()));

        assertThat(asker.receiveMessage(PATIENCE).gateways())
                .containsExactly(new ClusterStatus.GatewayStatus("gateway", "", Optional.empty()));
    }

    @Test
    void refusesModelWithoutRoomAndSaysHowMuchIsMissingAndWhere() {
        register(new TestNode(kit, "small"), 1024);

        deploy(Scheme.SINGLE, 1);

        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .contains("the largest, small, has 1")
                .contains("are missing");
        assertThat(nextAbandon().outlook()).isEqualTo(Outlook.OVER);
    }

    @Test
    void refusesWhileThereAreNoNodesAndServesOnceThereAre() {
        deploy(Scheme.SINGLE, 1);
        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .contains("no nodes");

        node("a");
        deploy(Scheme.SINGLE, 1);

        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void refusesAModelThatCannotBeReadAndSaysWhereToLook() {
        node("a");
        ModelOffer offer = offer();
        ModelOffer broken = new ModelOffer(offer.manifest(), "{", offer.profile(), offer.source());
        DeployOrder order = new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1);

        supervisor.tell(new Deploy(broken, order, gatewayRef, LONG.toMillis(), client.ref()));

        assertThat(client.expectMessageClass(PlanRefused.class, PATIENCE).reason())
                .startsWith("no plan can be made: ")
                .endsWith("Maybe look at the log of the supervisor's node.");
    }

    @Test
    void carriesOutAnOrderThatIsSentAgainOnce() {
        TestNode node = node("a");
        DeployOrder order = new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1);
        Deploy deploy = new Deploy("one", offer(), order, gatewayRef, LONG.toMillis(), client.ref());

        supervisor.tell(deploy);
        supervisor.tell(deploy);
        activated();
        Deployed first = client.expectMessageClass(Deployed.class, PATIENCE);
        supervisor.tell(deploy);

        assertThat(client.expectMessageClass(Deployed.class, PATIENCE)).isEqualTo(first);
        node.next(Wire.class);
        node.steps.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void goesOnWithTheNextDeploymentWhenOneHasFailed() {
        TestNode node = node("a");
        node.silent = true;
        deploy(Scheme.SINGLE, 1);
        deploy(Scheme.SINGLE, 1);
        Prepare first = node.next(Prepare.class);
        node.silent = false;

        first.replyTo().tell(new StepFailed(first.epoch(), "a", "disk is full"));

        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("disk is full");
        node.expectRetired(first.epoch());
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
    }

    @Test
    void doesNotPutInPlaceWhatNobodyWaitsForAnyMore() {
        TestNode node = node("a");
        node.silent = true;

        deploy(gatewayRef, Scheme.SINGLE, 1, Duration.ofMillis(500));

        Prepare prepare = node.next(Prepare.class);
        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("its time was over")
                .contains("Maybe see");
        node.expectRetired(prepare.epoch());
    }

    @Test
    void refusesSecondNodeOfANameWhileTheFirstLives() {
        ActorTestKit elsewhere = TestSystems.start("elsewhere");
        TestNode first = node("a");
        TestNode second = new TestNode(elsewhere, "a");

        register(second, ENOUGH);
        register(first, ENOUGH);

        assertThat(second.notices.expectMessageClass(NameTaken.class, PATIENCE).reason())
                .contains("another node named a lives at")
                .contains("tandem.node.name");
        deploy(Scheme.SINGLE, 1);
        activated();
        second.steps.expectNoMessage(Duration.ofMillis(20));
        elsewhere.shutdownTestKit();
    }

    @Test
    void retiresTheOldEpochWhenTheGatewayHasDrainedIt() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        deploy(Scheme.SINGLE, 1);
        activated();

        first.replyTo().tell(new Drained(first.epoch()));

        node.expectRetired(first.epoch());
    }

    @Test
    void givesUpAnEpochThatDoesNotDrain() {
        supervisor = kit.spawn(Supervisor.create(limits(Duration.ofMillis(50)), () -> POLICY));
        announce(0);
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        deploy(Scheme.SINGLE, 1);
        activated();

        Abandon abandon = nextAbandon();

        assertThat(abandon.epoch()).isEqualTo(first.epoch());
        assertThat(abandon.reason()).contains("not drained");
        node.expectRetired(first.epoch());
    }

    @Test
    void freesWhatServedAGatewayThatHasStopped() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        gateway.stop();

        node.expectRetired(first.epoch());
    }

    @Test
    void endsTheRolloutOfAGatewayThatHasStopped() {
        TestNode node = node("a");
        node.silent = true;
        deploy(Scheme.SINGLE, 1);
        Prepare prepare = node.next(Prepare.class);

        gateway.stop();

        node.expectRetired(prepare.epoch());
        assertThat(client.expectMessageClass(RolloutFailed.class, PATIENCE).reason())
                .contains("the gateway has stopped");
    }

    @Test
    void undeploysAndAnswersWhenTheNodesHave() {
        TestNode node = node("a");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestProbe<Undeployed> asker = kit.createTestProbe();

        supervisor.tell(new Undeploy(gatewayRef.gateway(), asker.ref()));

        asker.expectMessage(new Undeployed(first.epoch()));
        node.expectRetired(first.epoch());
        supervisor.tell(new Undeploy(gatewayRef.gateway(), asker.ref()));
        asker.expectMessage(new Undeployed(0));
    }

    /** The withdrawal is on its way to the rollout when that has just ended well, or the other way round. */
    @Test
    void hasNothingServeThatIsInPlaceWhenItIsWithdrawn() {
        node("a");
        deploy(Scheme.SINGLE, 1);
        Activate activate = nextActivate();
        RolloutOrder order =
                RolloutOrder.of(activate, gatewayRef.gateway(), kit.system().ignoreRef());
        TestProbe<Undeployed> asker = kit.createTestProbe();

        supervisor.tell(new Undeploy(gatewayRef.gateway(), asker.ref()));
        supervisor.tell(new JobUnderWay.RolloutEnded(new Rollout.Done(order)));

        assertThat(nextAbandon().epoch()).isZero();
        Abandon abandon = nextAbandon();
        assertThat(abandon.epoch()).isEqualTo(activate.epoch());
        assertThat(abandon.outlook()).isEqualTo(Outlook.OVER);
        asker.expectMessage(new Undeployed(0));
    }

    @Test
    void tellsThoseWhoWaitForNodes() {
        TestProbe<ClusterView> asker = kit.createTestProbe();
        supervisor.tell(new AwaitNodes(2, asker.ref()));
        node("a");
        asker.expectNoMessage(Duration.ofMillis(20));

        node("b");

        assertThat(asker.receiveMessage().nodes())
                .extracting(report -> report.node().id())
                .containsExactly("a", "b");
        supervisor.tell(new AwaitNodes(1, asker.ref()));
        assertThat(asker.receiveMessage().nodes()).hasSize(2);
    }
}
