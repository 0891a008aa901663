package dev.tandem.harness.experiment.predicted;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Plan;
import dev.tandem.harness.experiment.predicted.Compute.ShardOfLane;
import java.util.HashMap;
import java.util.Map;

/** How long calls of shards took, by what they say of themselves. */
public final class ShardTimes {

    private ShardTimes() {}

    /**
     * What was computed between two answers of a gateway; shards report each quarter of a second, so before each answer
     * there should have been nothing to do for as long. Of a shard that does not say more than before, all its calls count.
     *
     * @throws IllegalStateException when a shard has never been called
     */
    public static Compute between(Stats before, Stats after, Plan plan) {
        Map<ShardOfLane, ShardReport> earlier = new HashMap<>();
        before.shards().forEach(report -> earlier.put(key(report), report));
        Map<ShardOfLane, Double> seconds = new HashMap<>();
        after.shards().forEach(report -> {
            ShardReport first = earlier.get(key(report));
            if (first != null && report.completed() > first.completed()) {
                long calls = report.completed() - first.completed();
                seconds.put(key(report), (report.computeNanos() - first.computeNanos()) / 1e9 / calls);
            } else if (report.completed() > 0) {
                seconds.put(key(report), report.computeNanos() / 1e9 / report.completed());
            }
        });
        return Compute.of(plan, shard -> {
            Double call = seconds.get(shard);
            if (call == null) {
                throw new IllegalStateException(
                        "shard " + shard + " must have been called. Maybe measure for more seconds.");
            }
            return call;
        });
    }

    private static ShardOfLane key(ShardReport report) {
        return new ShardOfLane(report.lane(), report.shard());
    }
}
