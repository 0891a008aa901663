package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.actors.supervisor.PlanMaker.Matter;
import dev.tandem.actors.supervisor.PlanMaker.Question;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.List;

/**
 * One look at a plan that serves: what the decision was made from, and what it was.
 *
 * @param digest of the model's graph, which {@link Subject} has with its profile
 * @param gatewayNode where requests come from and weights are
 * @param order what was ordered, and what to make do with otherwise
 * @param topology with the rates that core groups had
 * @param costs that the supervisor planned with
 * @param others plans of the same gateway that are in place beside it
 */
record Look(
        long atEpochMillis,
        long epoch,
        String model,
        String digest,
        String gatewayNode,
        PlanOrder order,
        PlanOrder otherwise,
        Topology topology,
        RuntimeCosts costs,
        Plan inPlace,
        List<Plan> others,
        MoveRule rule,
        Duration coolDown,
        MoveVerdict verdict)
        implements DecisionLine {

    /** A model that looks are about. */
    record Subject(String digest, String graphJson, ReferenceProfile profile) implements DecisionLine {}

    Look {
        others = List.copyOf(others);
    }

    static Look of(Served entry, Rebalancing.Rated rated, RuntimeCosts costs, List<Plan> others, MoveVerdict verdict) {
        Question ordered = rated.matter().ordered();
        return new Look(
                System.currentTimeMillis(),
                entry.epoch(),
                entry.order().plan().model(),
                entry.deploy().offer().manifest().digest(),
                ordered.gatewayNode(),
                ordered.order(),
                rated.matter().otherwise().order(),
                ordered.topology(),
                costs,
                rated.matter().inPlace(),
                others,
                rated.policy().rebalance().rule(),
                rated.policy().rebalance().coolDown(),
                verdict);
    }

    /** The same question with another plan in place. */
    Matter matter(Subject subject, Plan plan) {
        return new Matter(question(subject, order), question(subject, otherwise), plan);
    }

    private Question question(Subject subject, PlanOrder asked) {
        return new Question(subject.graphJson(), subject.profile(), asked, topology, gatewayNode);
    }
}
