package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ModelOffer;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class PlanMakerTest extends SupervisorCase {

    private final PlanMaker maker = new PlanMaker(RuntimeCosts.NONE);

    @Test
    void makesAnotherPlanWhereTheOneThatWasMadeAheadNeedsALinkThatIsGone() {
        Plan ahead = planned(question("b"), Optional.empty());
        assertThat(ahead.lanes().get(0).nodes()).isEqualTo(Set.of("b"));

        Plan now = planned(question("a"), Optional.of(ahead));

        assertThat(now.lanes().get(0).nodes()).isEqualTo(Set.of("a"));
        assertThat(planned(question("b"), Optional.of(ahead)).lanes()).isEqualTo(ahead.lanes());
    }

    @Test
    void refusesAGivenPlanThatNeedsALinkThatIsNotKnown() {
        Plan given = planned(question("b"), Optional.empty());

        PlanMaker.Answer answer = maker.answer(question("a").given(given), PlanBudget.UNLIMITED);

        assertThat(answer.result()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                .contains("needs a link"));
    }

    private Plan planned(PlanMaker.Question question, Optional<Plan> ahead) {
        return ((Planned) maker.answer(question, ahead, PlanBudget.UNLIMITED).result()).plan();
    }

    /** Two nodes, only one of which the gateway reaches. */
    private PlanMaker.Question question(String reached) {
        List<Link> links = List.of(new Link("gateway", reached, 1e9, 1e-4), new Link(reached, "gateway", 1e9, 1e-4));
        List<Node> both = Stream.of("a", "b").map(PlanMakerTest::machine).toList();
        ModelOffer offer = offer();
        DeployOrder order = new DeployOrder(Scheme.SINGLE, Objective.LATENCY, 1, 1);
        return new PlanMaker.Question(
                offer.graphJson(), offer.profile(), POLICY.complete(order, 2), new Topology(both, links), "gateway");
    }

    private static Node machine(String name) {
        CoreGroup group = new CoreGroup(new CoreGroupId(name, "cpu"), CoreGroup.Kind.CPU, List.of(0), 1, 1e9);
        return new Node(name, ENOUGH, List.of(group));
    }
}
