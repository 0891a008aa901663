package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import java.util.List;

/**
 * The whole model on the default processor of the machine that has the request: no distribution. What a framework does
 * when nobody tells it more.
 *
 * <p>Certain: the default processor is the graphics processor where there is one and the fastest CPUs otherwise. Where
 * the gateway is on a machine that runs nothing, the fastest machine is taken. A framework's own spreading over unlike
 * CPUs is not expressible: a shard runs on one core group.
 */
final class SingleNode implements Planner {

    @Override
    public PlanResult plan(PlanRequest request) {
        return Fitting.plan(
                request,
                "default processor of one node",
                fleet -> Draft.plan(
                        request,
                        "single-node",
                        List.of(Draft.undivided(
                                request.graph(),
                                request.graph().whole(),
                                fleet.leader().id()))));
    }
}
