package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.PlanMaker.Matter;
import dev.tandem.actors.supervisor.PlanMaker.Rating;
import dev.tandem.core.adapt.MoveCost;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says whether a plan that serves is to be replaced, and why. Pure, so that what was decided can be decided again. */
final class MoveJudge {

    private MoveJudge() {}

    /** @param others plans of the same gateway that are in place beside it; memory of other models is not in the rating */
    static MoveVerdict judge(Matter matter, Rating rating, List<Plan> others, MoveRule rule) {
        if (rating.anew() instanceof Refused refused) {
            return new MoveVerdict(false, refused.reason());
        }
        Plan anew = ((Planned) rating.anew()).plan();
        if (anew.working().equals(matter.inPlace().working())) {
            return new MoveVerdict(false, "its plan is the one that would be made now");
        }
        List<Plan> held = new ArrayList<>(others);
        held.add(matter.inPlace());
        Optional<String> lack = MoveCost.lack(held, anew, rating.topology());
        if (lack.isPresent()) {
            return new MoveVerdict(false, "there is no room for another plan beside it: " + lack.get());
        } else if (rating.inPlace() instanceof Refused refused) {
            return new MoveVerdict(true, "as it is, " + refused.reason());
        }
        Plan inPlace = ((Planned) rating.inPlace()).plan();
        PlanOrder order = matter.ordered().order();
        return rule.judge(
                order.objective(),
                inPlace.predicted(),
                anew.predicted(),
                order.constraints().excess(inPlace),
                moveSeconds(matter, rating, anew));
    }

    /** How long the other plan would take to be in place. */
    static double moveSeconds(Matter matter, Rating rating, Plan anew) {
        return MoveCost.seconds(
                rating.graph(),
                matter.inPlace(),
                anew,
                rating.topology(),
                matter.ordered().gatewayNode());
    }
}
