package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.cost.Calibration;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoreGroupSpeedsTest {

    private static final CoreGroupId BIG = new CoreGroupId("a", "big");
    private static final CoreGroupId LITTLE = new CoreGroupId("a", "little");
    private static final CoreGroupId OTHER = new CoreGroupId("b", "cpu");
    private static final List<CoreGroupId> ALL = List.of(BIG, LITTLE, OTHER);

    private final CoreGroupSpeeds speeds = new CoreGroupSpeeds();
    private long now;

    @Test
    void takesAllForAsFastAsMeasuredWhileNothingIsKnown() {
        assertThat(speeds.calibration(ALL, now).largestChange(Calibration.NONE)).isEqualTo(1);
    }

    @Test
    void takesWhatIsNotKnownForAsFastAsTheBestHasBeen() {
        hear(BIG, 0.8);
        hear(LITTLE, 0.7);
        assertThat(speeds.calibration(ALL, now).speeds()).isEqualTo(Map.of(BIG, 0.8, LITTLE, 0.7, OTHER, 0.8));

        hear(BIG, 0.4);
        assertThat(speeds.calibration(ALL, now).speeds()).isEqualTo(Map.of(BIG, 0.4, LITTLE, 0.7, OTHER, 0.8));
    }

    @Test
    void forgetsANodeThatHasStartedAgain() {
        hear(BIG, 0.5);
        hear(OTHER, 0.9);

        speeds.forget("a");

        assertThat(speeds.calibration(ALL, now).speeds()).isEqualTo(Map.of(BIG, 0.9, LITTLE, 0.9, OTHER, 0.9));
    }

    private void hear(CoreGroupId group, double speed) {
        for (int window = 0; window < SpeedEstimate.WINDOWS; window++) {
            now += 500_000_000;
            speeds.add(group, new SpeedSample(speed / 2, 0.5, 0.5), now);
        }
    }
}
