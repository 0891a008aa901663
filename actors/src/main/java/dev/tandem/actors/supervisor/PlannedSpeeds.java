package dev.tandem.actors.supervisor;

import dev.tandem.core.cost.Calibration;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.CoreGroupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The speeds that a plan was made with, which show in its predictions. Of all shards of a core group together: the time of one
 * that computes few rows is nearly all per call, whatever the speed.
 */
final class PlannedSpeeds {

    private PlannedSpeeds() {}

    /**
     * @param asMeasured what the plan does where all core groups are as fast as they were measured
     * @param others of core groups that the plan does not use
     */
    static Calibration of(Plan plan, PlanScore asMeasured, Calibration others) {
        List<PlanScore.ShardScore> planned = plan.predicted().shards();
        Map<CoreGroupId, Double> measuredSeconds = new HashMap<>();
        Map<CoreGroupId, Double> plannedSeconds = new HashMap<>();
        for (int shard = 0; shard < Math.min(asMeasured.shards().size(), planned.size()); shard++) {
            PlanScore.ShardScore measured = asMeasured.shards().get(shard);
            CoreGroupId place =
                    plan.lanes().get(measured.lane()).shard(measured.shard()).place();
            measuredSeconds.merge(place, measured.computeSeconds(), Double::sum);
            plannedSeconds.merge(place, planned.get(shard).computeSeconds(), Double::sum);
        }
        Map<CoreGroupId, Double> speeds = new HashMap<>(others.speeds());
        plannedSeconds.forEach((place, seconds) -> {
            double measured = measuredSeconds.getOrDefault(place, 0.0);
            if (measured > 0 && seconds > 0) {
                speeds.put(place, measured / seconds);
            }
        });
        return new Calibration(speeds);
    }
}
