package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.adapt.SpeedSample;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.topology.CoreGroupId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchedEpochTest {

    private static final long EPOCH = 3;
    private static final Endpoint FIRST = new Endpoint(0, 0);
    private static final Endpoint SECOND = new Endpoint(1, 0);
    private static final CoreGroupId BIG = new CoreGroupId("a", "big");
    private static final CoreGroupId LITTLE = new CoreGroupId("a", "little");

    private final WatchedEpoch epoch = new WatchedEpoch(
            EPOCH,
            new PlanScore(
                    0.03, 50, List.of(new ShardScore(0, FIRST, 0.02, 1, 1), new ShardScore(0, SECOND, 0.01, 1, 1)), ""),
            Duration.ofMillis(500));

    @Test
    void comparesTheTimesOfCallsWithThePredictedOnes() {
        epoch.hear(List.of(report(FIRST, BIG, 5, 1000, 100), report(SECOND, LITTLE, 5, 1000, 50)));

        assertThat(epoch.hear(List.of(report(FIRST, BIG, 15, 1500, 500), report(SECOND, LITTLE, 25, 1500, 250))))
                .isEqualTo(Map.of(BIG, sample(0.2, 0.4, 0.5), LITTLE, sample(0.2, 0.2, 0.5)));
    }

    @Test
    void addsShardsOfOneCoreGroup() {
        epoch.hear(List.of(report(FIRST, BIG, 0, 1000, 0), report(SECOND, BIG, 0, 1010, 0)));

        assertThat(epoch.hear(List.of(report(FIRST, BIG, 10, 1500, 200), report(SECOND, BIG, 10, 1500, 100))))
                .isEqualTo(Map.of(BIG, sample(0.2 + 0.1, 0.2 + 0.1, 0.5)));
    }

    @Test
    void waitsUntilThereIsEnough() {
        epoch.hear(List.of(report(FIRST, BIG, 0, 1000, 0)));

        assertThat(epoch.hear(List.of(report(FIRST, BIG, 0, 1500, 0)))).isEmpty();
        assertThat(epoch.hear(List.of(report(FIRST, BIG, 10, 1700, 300))))
                .isEqualTo(Map.of(BIG, sample(0.2, 0.3, 0.7)));
        assertThat(epoch.hear(List.of(report(FIRST, BIG, 10, 1700, 300))))
                .as("nothing new")
                .isEmpty();
        assertThat(epoch.hear(List.of(report(FIRST, BIG, 20, 1800, 600))))
                .as("too short")
                .isEmpty();
    }

    @Test
    void requestsThatExpiredTookNoTime() {
        epoch.hear(List.of(report(FIRST, BIG, 0, 1000, 0)));
        ShardReport expired = new ShardReport(EPOCH, 0, FIRST, BIG, 10, 5, nanos(1500), nanos(400), 0, 0);

        assertThat(epoch.hear(List.of(expired))).isEqualTo(Map.of(BIG, sample(0.2, 0.4, 0.5)));
    }

    @Test
    void hearsOnlyOfItsOwnEpochAndShards() {
        ShardReport other = new ShardReport(EPOCH + 1, 0, FIRST, BIG, 10, 0, nanos(1500), nanos(200), 0, 0);
        epoch.hear(List.of(report(FIRST, BIG, 0, 1000, 0), report(new Endpoint(7, 0), LITTLE, 0, 1000, 0)));

        assertThat(epoch.hear(List.of(other, report(new Endpoint(7, 0), LITTLE, 9, 2000, 500))))
                .isEmpty();
    }

    private static ShardReport report(
            Endpoint shard, CoreGroupId place, long completed, long upMillis, long computeMillis) {
        return new ShardReport(EPOCH, 0, shard, place, completed, 0, nanos(upMillis), nanos(computeMillis), 0, 0);
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private static SpeedSample sample(double predicted, double measured, double wall) {
        return new SpeedSample(predicted, measured, wall);
    }
}
