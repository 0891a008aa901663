package dev.tandem.harness.experiment.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tandem.harness.experiment.wire.WireRun.Sample;
import dev.tandem.harness.testbed.TestbedRights;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two real members in two namespaces; whether it runs, not how fast. */
class WireRunIT {

    @Test
    void movesTensorsAndPlainBytesOverAnUnshapedLink() throws Exception {
        assumeThat(TestbedRights.missing())
                .as("what is missing to make network namespaces")
                .isEmpty();

        try (WireRun run = WireRun.start(Duration.ofMillis(50), Duration.ofMillis(300))) {
            // Twice, because the second stream is another one between the same members.
            for (Sample sample : new Sample[] {run.plain(), run.frames(64 << 10), run.frames(4 << 20), run.plain()}) {
                assertThat(sample.bytesPerSecond()).isGreaterThan(1e5);
                assertThat(sample.cpuSecondsPerGigabyte()).isNotNegative().isFinite();
            }
        }
    }
}
