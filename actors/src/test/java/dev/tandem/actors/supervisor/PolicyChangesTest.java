package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.actors.protocol.ReloadReport.Replanned;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** Other settings while nodes are lost. */
@SuppressWarnings("NullAway.Init")
class PolicyChangesTest extends SupervisorCase {

    @Test
    void whatIsPutBackMeanwhileFollowsTheNewPolicyInTheEnd() {
        node("a");
        node("b");
        TestNode later = new TestNode(kit, "c");
        nodes.put("c", later);
        register(later, 1024);
        deploy(Scheme.SINGLE, 1);
        String first = place(activated(), 0);
        client.expectMessageClass(Deployed.class, PATIENCE);
        TestNode other = Objects.requireNonNull(nodes.get(first.equals("a") ? "b" : "a"));
        other.silent = true;

        TestProbe<PolicyChanges.Outcome> outcome = change(List.of("c"), Codec.EXACT);
        lose(first);
        Prepare underWay = other.next(Prepare.class);
        outcome.expectMessageClass(PolicyChanges.Accepted.class, PATIENCE);
        register(later, ENOUGH);
        other.silent = false;
        other.answer(underWay);

        assertThat(place(activated(), 0)).isEqualTo(other.name);
        assertThat(place(activated(), 0)).isEqualTo("c");
    }

    @Test
    void areNotRefusedForWhatTheNodesThatAreLeftCannotDoAnyway() {
        servedByTheOneOfTwoThatIsLeft();

        TestProbe<PolicyChanges.Outcome> outcome = change(List.of("a"), Codec.FLOAT16);

        Activate coded = activated();
        assertThat(coded.plan().lanes().get(0).nodes()).containsExactly("a");
        assertThat(coded.plan().lanes().get(0).edges()).extracting(Edge::codec).containsOnly(Codec.FLOAT16);
        PolicyChanges.Accepted accepted = outcome.expectMessageClass(PolicyChanges.Accepted.class, PATIENCE);
        assertThat(accepted.epochs()).extracting(Replanned::epoch).containsExactly(coded.epoch());
    }

    @Test
    void areNotRefusedBecauseTheGatewayHasPutSomethingElseInPlaceItself() {
        announceTaciturn();
        Activate left = servedByTheOneOfTwoThatIsLeft();
        TestNode a = Objects.requireNonNull(nodes.get("a"));
        a.silent = true;

        TestProbe<PolicyChanges.Outcome> outcome = change(List.of("a"), Codec.FLOAT16);
        long outrun = a.nextPrepareAfter(left.epoch()).epoch();
        a.silent = false;
        handOver(standIn(left, left.plan(), a));

        Activate coded = activated();
        assertThat(coded.epoch()).isGreaterThan(outrun);
        assertThat(coded.plan().lanes().get(0).edges()).extracting(Edge::codec).containsOnly(Codec.FLOAT16);
        PolicyChanges.Accepted accepted = outcome.expectMessageClass(PolicyChanges.Accepted.class, PATIENCE);
        assertThat(accepted.epochs()).extracting(Replanned::epoch).containsExactly(coded.epoch());
    }

    private Activate servedByTheOneOfTwoThatIsLeft() {
        node("a");
        node("b");
        DeployOrder order = new DeployOrder(Scheme.ROWS, Objective.LATENCY, 2, 2);
        supervisor.tell(new Deploy(offer(), order, gatewayRef, LONG.toMillis(), client.ref()));
        assertThat(activated().plan().lanes().get(0).nodes()).containsExactlyInAnyOrder("a", "b");
        client.expectMessageClass(Deployed.class, PATIENCE);
        lose("b");
        Activate left = activated();
        assertThat(left.plan().lanes().get(0).nodes()).containsExactly("a");
        return left;
    }

    private TestProbe<PolicyChanges.Outcome> change(List<String> allowed, Codec codec) {
        TestProbe<PolicyChanges.Outcome> outcome = kit.createTestProbe();
        PlanPolicy policy = new PlanPolicy(
                Scheme.AUTO, Objective.THROUGHPUT, Constraints.NONE, allowed, codec, PlanPolicy.Rebalance.NEVER);
        supervisor.tell(new PolicyChanges.Change(policy, outcome.ref()));
        return outcome;
    }
}
