package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.topology.CoreGroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlannedSpeedsTest {

    private static final CoreGroupId A = new CoreGroupId("a", "cpu");
    private static final CoreGroupId B = new CoreGroupId("b", "cpu");
    private static final CoreGroupId ELSEWHERE = new CoreGroupId("c", "cpu");

    /** The last shard of a has little to compute: it takes as long at any speed. */
    @Test
    void countsAllShardsOfACoreGroupByTheirTime() {
        Plan plan = planned(0.2, 0.1, 0.002);

        Calibration speeds = PlannedSpeeds.of(plan, score(0.1, 0.1, 0.002), Calibration.NONE);

        assertThat(speeds.speed(A)).isCloseTo((0.1 + 0.002) / (0.2 + 0.002), within(1e-9));
        assertThat(speeds.speed(B)).isCloseTo(1, within(1e-9));
    }

    @Test
    void keepsOtherSpeedsWhereThePlanSaysNothing() {
        Calibration others = new Calibration(Map.of(A, 0.3, B, 0.6, ELSEWHERE, 0.9));

        Calibration speeds = PlannedSpeeds.of(planned(0.2, 0, 0.2), score(0.1, 0.1, 0.1), others);

        assertThat(speeds.speeds()).isEqualTo(Map.of(A, 0.5, B, 0.6, ELSEWHERE, 0.9));
        assertThat(PlannedSpeeds.of(planned(), score(0.1, 0.1, 0.1), others)).isEqualTo(others);
    }

    /** Three stages in a row, on a, b and a. */
    private static Plan planned(double... computeSeconds) {
        Plan plan = TestPlans.chain("digest", "a", "b", "a");
        return new Plan(plan.model(), plan.modelDigest(), plan.scheme(), plan.lanes(), score(computeSeconds));
    }

    private static PlanScore score(double... computeSeconds) {
        List<ShardScore> shards = new ArrayList<>();
        for (double seconds : computeSeconds) {
            shards.add(new ShardScore(0, new Endpoint(shards.size(), 0), seconds, 1, 1));
        }
        return new PlanScore(0.1, 10, shards, "compute");
    }
}
