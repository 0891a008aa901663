package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.adapt.MoveCost;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.BoundedPlanner;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.GivenPlan;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.StandbyLanes;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Topology;
import dev.tandem.inference.graph.GraphJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Makes a plan for an offered model from what the supervisor knows. Pure and slow: not for an actor's own thread. */
final class PlanMaker {

    private static final String NO_NODES =
            "none of the nodes that tandem.planner.nodes allows is in the cluster. Maybe allow others, or start one.";

    private static final String NO_WAY =
            "the plan needs a link that has not been measured, or between members that do not reach each other.";

    private final RuntimeCosts costs;

    /**
     * What a plan is made from.
     *
     * @param topology with the rates that core groups have now
     */
    record Question(
            String graphJson, ReferenceProfile profile, PlanOrder order, Topology topology, String gatewayNode) {

        /** The same on other machines. */
        Question on(Topology other) {
            return new Question(graphJson, profile, order, other, gatewayNode);
        }

        /** The same with a plan that is there already. */
        Question given(Plan plan) {
            return new Question(graphJson, profile, order.given(plan), topology, gatewayNode);
        }
    }

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

    /**
     * What would be if a node of a plan in place were lost.
     *
     * @param nodes that plans could use
     * @param without plans, by the node that they do without
     * @param instead the plan in place with lanes that stand by, or without: when that is another one than it is
     */
    record Foresight(Set<String> nodes, Map<String, Plan> without, Optional<Plan> instead) {
        Foresight {
            without = Map.copyOf(without);
        }
    }

    /**
     * A plan in place of which a node may be lost.
     *
     * @param lost lanes that are lost already
     * @param without what to ask if a node were lost, by its name
     * @param others plans of the same gateway that are in place beside it
     * @param isStandby whether lanes are to stand by
     */
    record Prospect(
            Question now,
            Plan inPlace,
            Set<Integer> lost,
            Map<String, Question> without,
            List<Plan> others,
            boolean isStandby) {}

    PlanMaker(RuntimeCosts costs) {
        this.costs = costs;
    }

    /** Looks for a plan for as long as the budget lasts. */
    Answer answer(Question question, PlanBudget budget) {
        ModelGraph graph = graph(question);
        return new Answer(graph, anew(question, graph, budget));
    }

    /** A plan that was made before, if it still fits; otherwise one that is looked for. */
    Answer answer(Question question, Optional<Plan> ahead, PlanBudget budget) {
        return ahead.map(plan -> answer(question.given(plan), PlanBudget.UNLIMITED))
                .filter(answer -> answer.result() instanceof PlanResult.Planned)
                .orElseGet(() -> answer(question, budget));
    }

    /** @param budget for the loss of each node; after so many of them no more are looked at */
    Foresight foresee(Prospect prospect, PlanBudget budget, int most) {
        ModelGraph graph = graph(prospect.now());
        Map<String, Plan> without = new TreeMap<>();
        prospect.without().entrySet().stream().limit(most).forEach(lost -> {
            if (anew(lost.getValue(), graph, budget) instanceof PlanResult.Planned planned) {
                without.put(lost.getKey(), planned.plan());
            }
        });
        return new Foresight(
                PlansAhead.names(prospect.now().topology()),
                without,
                prospect.isStandby() ? standby(prospect, graph, without) : noStandby(prospect));
    }

    private static Optional<Plan> noStandby(Prospect prospect) {
        Plan plan = prospect.inPlace();
        return plan.standby().isEmpty() ? Optional.empty() : Optional.of(plan.withoutStandby());
    }

    /** There must be room for it beside what is in place, and then for the plan after it. */
    private Optional<Plan> standby(Prospect prospect, ModelGraph graph, Map<String, Plan> without) {
        Topology topology = prospect.now().topology();
        PlanRequest request = request(prospect.now(), graph);
        Plan plan = prospect.inPlace();
        List<Lane> left = left(prospect);
        List<Plan> held = new ArrayList<>(prospect.others());
        held.add(Draft.ofLanes(request, plan.scheme(), left));
        return StandbyLanes.better(plan, left, without, request, (larger, next) -> {
            List<Plan> then = new ArrayList<>(prospect.others());
            then.add(larger);
            return MoveCost.lack(held, larger, topology).isEmpty()
                    && MoveCost.lack(then, plan.withoutStandby(), topology).isEmpty()
                    && MoveCost.lack(then, next, topology).isEmpty();
        });
    }

    /** The lanes that can serve: not lost, and on nodes that may be used. */
    private static List<Lane> left(Prospect prospect) {
        List<Lane> lanes = prospect.inPlace().lanes();
        return IntStream.range(0, lanes.size())
                .filter(lane -> !prospect.lost().contains(lane))
                .mapToObj(lanes::get)
                .filter(lane -> lane.nodes().stream()
                        .allMatch(node -> prospect.now().topology().node(node).isPresent()))
                .toList();
    }

    /** Compares a plan in place with what is the answer now. */
    Rating rate(Matter matter) {
        ModelGraph graph = graph(matter.ordered());
        PlanResult anew = anew(matter.ordered(), graph);
        return new Rating(
                graph,
                matter.ordered().topology(),
                new GivenPlan(matter.inPlace().withoutStandby()).plan(request(matter.ordered(), graph)),
                anew instanceof PlanResult.Refused ? anew(matter.otherwise(), graph) : anew);
    }

    /**
     * What a plan in place does on the machines of the question, whether links are known or not; of its lanes with a weight.
     *
     * @throws IllegalArgumentException when one of its core groups is not among them
     */
    PlanScore score(Question question, Plan inPlace) {
        return request(question, graph(question)).scorer().score(inPlace.working());
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
        PlanOrder order = question.order();
        CostModel cost = new CostModel(
                        graph, profile.profile(), profile.multiplyAddsPerSecond(), Map.of(), question.topology(), costs)
                .coded(order.codec());
        return new PlanRequest(
                        graph,
                        question.topology(),
                        cost,
                        order.objective(),
                        order.scheme(),
                        order.maxNodes(),
                        order.shards(),
                        question.gatewayNode())
                .with(order.halo());
    }

    /** A planner's mistake must not reach the nodes, nor a plan of before the way that it would need and that is not there. */
    private static PlanResult checked(ModelGraph graph, Topology topology, PlanResult result) {
        if (result instanceof PlanResult.Planned planned) {
            List<String> problems = PlanCheck.problems(planned.plan(), graph, topology);
            if (!problems.isEmpty()) {
                throw new IllegalStateException("the planner made a plan that cannot run: " + problems);
            }
            if (!Double.isFinite(planned.plan().predicted().latencySeconds())) {
                return new PlanResult.Refused(NO_WAY);
            }
        }
        return result;
    }
}
