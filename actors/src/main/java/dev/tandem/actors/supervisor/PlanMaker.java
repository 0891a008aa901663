package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.BoundedPlanner;
import dev.tandem.core.planner.GivenPlan;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import dev.tandem.inference.graph.GraphJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Makes a plan for an offered model from what the supervisor knows. Pure and slow: not for an actor's own thread. */
final class PlanMaker {

    private static final String NO_NODES =
            "none of the nodes that tandem.planner.nodes allows is in the cluster. Maybe allow others, or start one.";

    private final RuntimeCosts costs;

    /**
     * What a plan is made from.
     *
     * @param topology with the rates that core groups have now
     */
    record Question(
            String graphJson, ReferenceProfile profile, PlanOrder order, Topology topology, String gatewayNode) {}

    /**
     * A plan in place that may be replaced.
     *
     * @param ordered what was ordered
     * @param otherwise what to ask where that has no answer: the plan may be one that made do with what was left
     */
    record Matter(Question ordered, Question otherwise, Plan inPlace) {}

    /** The answer, with the graph that it is about. */
    record Answer(ModelGraph graph, PlanResult result) {}

    /**
     * What a plan in place does on machines as they are now, beside what would be planned for them.
     *
     * @param inPlace refused where it cannot run any more
     */
    record Rating(ModelGraph graph, Topology topology, PlanResult inPlace, PlanResult anew) {}

    PlanMaker(RuntimeCosts costs) {
        this.costs = costs;
    }

    /** Looks for a plan for as long as the budget lasts. */
    Answer answer(Question question, PlanBudget budget) {
        ModelGraph graph = graph(question);
        return new Answer(graph, anew(question, graph, budget));
    }

    /** Compares a plan in place with what is the answer now. */
    Rating rate(Matter matter) {
        ModelGraph graph = graph(matter.ordered());
        PlanResult anew = anew(matter.ordered(), graph);
        return new Rating(
                graph,
                matter.ordered().topology(),
                new GivenPlan(matter.inPlace()).plan(request(matter.ordered(), graph)),
                anew instanceof PlanResult.Refused ? anew(matter.otherwise(), graph) : anew);
    }

    /**
     * What a plan in place does on the machines of the question, whether links are known or not.
     *
     * @throws IllegalArgumentException when one of its core groups is not among them
     */
    PlanScore score(Question question, Plan inPlace) {
        return request(question, graph(question)).scorer().score(inPlace.lanes());
    }

    private static ModelGraph graph(Question question) {
        return GraphJson.read(question.graphJson().getBytes(StandardCharsets.UTF_8));
    }

    private PlanResult anew(Question question, ModelGraph graph) {
        return anew(question, graph, PlanBudget.UNLIMITED);
    }

    private PlanResult anew(Question question, ModelGraph graph, PlanBudget budget) {
        if (question.topology().nodes().isEmpty()) {
            return new PlanResult.Refused(NO_NODES);
        }
        PlanOrder order = question.order();
        Planner planner = order.given().<Planner>map(GivenPlan::new).orElseGet(DefaultPlanner::new);
        PlanResult result = new BoundedPlanner(planner, order.constraints())
                .plan(request(question, graph).within(budget.renewed()));
        return checked(graph, question.topology(), result);
    }

    private PlanRequest request(Question question, ModelGraph graph) {
        ReferenceProfile profile = question.profile();
        CostModel cost = new CostModel(
                graph, profile.profile(), profile.multiplyAddsPerSecond(), Map.of(), question.topology(), costs);
        PlanOrder order = question.order();
        return new PlanRequest(
                graph,
                question.topology(),
                cost,
                order.objective(),
                order.scheme(),
                order.maxNodes(),
                order.shards(),
                question.gatewayNode());
    }

    /** A planner's mistake must not reach the nodes. */
    private static PlanResult checked(ModelGraph graph, Topology topology, PlanResult result) {
        if (result instanceof PlanResult.Planned planned) {
            List<String> problems = PlanCheck.problems(planned.plan(), graph, topology);
            if (!problems.isEmpty()) {
                throw new IllegalStateException("the planner made a plan that cannot run: " + problems);
            }
        }
        return result;
    }
}
