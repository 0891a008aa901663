package dev.tandem.harness.experiment.predicted;

import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.topology.CoreGroupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What of a request is computing.
 *
 * @param pathSeconds the slowest shard of each stage, one after the other; the mean of the lanes by their shares
 * @param busiestSeconds of the core group that computes longest per request
 */
public record Compute(double pathSeconds, double busiestSeconds) {

    /** A shard of a lane. */
    public record ShardOfLane(int lane, Endpoint shard) {}

    /**
     * Along the longest path of a plan, and of its busiest core group.
     *
     * @param seconds of one call of each shard of the plan
     */
    public static Compute of(Plan plan, Function<ShardOfLane, Double> seconds) {
        List<Lane> lanes = plan.lanes();
        double weights = lanes.stream().mapToDouble(Lane::weight).sum();
        Map<CoreGroupId, Double> busy = new HashMap<>();
        double path = 0;
        for (int index = 0; index < lanes.size(); index++) {
            Lane lane = lanes.get(index);
            double share = lane.weight() / weights;
            for (int stage = 0; stage < lane.stages().size(); stage++) {
                path += share * stage(lane, index, stage, seconds, share, busy);
            }
        }
        return new Compute(
                path,
                busy.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }

    /** Its slowest shard; what all take is added to their core groups'. */
    private static double stage(
            Lane lane,
            int index,
            int number,
            Function<ShardOfLane, Double> seconds,
            double share,
            Map<CoreGroupId, Double> busy) {
        Stage stage = lane.stages().get(number);
        double slowest = 0;
        for (int shard = 0; shard < stage.shards().size(); shard++) {
            double call = seconds.apply(new ShardOfLane(index, new Endpoint(number, shard)));
            busy.merge(stage.shards().get(shard).place(), share * call, Double::sum);
            slowest = Math.max(slowest, call);
        }
        return slowest;
    }
}
