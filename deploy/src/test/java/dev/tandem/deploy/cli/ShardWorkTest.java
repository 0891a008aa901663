package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.shard.ShardReport;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardWorkTest {

    @Test
    void addsWhatWasDoneBetweenTwoAnswers() {
        ShardWork work = new ShardWork();

        work.add(stats(1, 10, 1000, report(0, 100, 50, 10, 500)), stats(1, 20, 3000, report(0, 300, 200, 15, 1500)));
        work.add(stats(1, 20, 3000, report(0, 300, 200, 15, 1500)), stats(1, 30, 5000, report(0, 500, 350, 25, 3500)));

        // 4000 bytes to 20 answers, and 3000 bytes of a shard that had done 15 by its last report.
        assertThat(work.bytesPerInference()).isCloseTo(200 + 200, within(1e-9));
        assertThat(work.busy()).hasSize(1);
        assertThat(work.busy().get(0).share()).isCloseTo(0.75, within(1e-9));
        assertThat(work.busy().get(0).node()).isEqualTo("big");
    }

    @Test
    void listsShardsInTheOrderOfThePlan() {
        ShardWork work = new ShardWork();

        work.add(
                stats(1, 0, 0, report(1, 0, 0, 0, 0), report(0, 0, 0, 0, 0)),
                stats(1, 1, 0, report(1, 10, 5, 1, 0), report(0, 10, 1, 1, 0)));

        assertThat(work.busy()).extracting(LiveStatus.BusyShare::stage).containsExactly(0, 1);
    }

    @Test
    void leavesOutASpanInWhichThePlanChanged() {
        ShardWork work = new ShardWork();

        work.add(stats(1, 10, 1000, report(0, 100, 50, 10, 500)), stats(2, 20, 10, report(0, 5, 5, 1, 5)));

        assertThat(work.bytesPerInference()).isZero();
        assertThat(work.busy()).isEmpty();
    }

    private static Stats stats(long epoch, long completed, long bytesSent, ShardReport... reports) {
        return new Stats(1, epoch, completed, 0, 0, 0, 0, bytesSent, 0, 0, List.of(reports), "");
    }

    private static ShardReport report(int stage, long upNanos, long computeNanos, long completed, long bytesSent) {
        return new ShardReport(
                1,
                0,
                new Endpoint(stage, 0),
                new CoreGroupId("big", "cpu"),
                completed,
                0,
                upNanos,
                computeNanos,
                bytesSent,
                0);
    }
}
