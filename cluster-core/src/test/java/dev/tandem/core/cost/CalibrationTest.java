package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    private static final CoreGroupId BIG = new CoreGroupId("a", "big");
    private static final CoreGroupId LITTLE = new CoreGroupId("a", "little");

    @Test
    void changesTheRatesOfTheCoreGroupsThatItNames() {
        Topology machines =
                new Topology(List.of(new Node("a", 1, List.of(group(BIG, 8e9), group(LITTLE, 2e9)))), List.of());

        Topology now = new Calibration(Map.of(BIG, 0.5)).applyTo(machines);

        assertThat(now)
                .isEqualTo(new Topology(
                        List.of(new Node("a", 1, List.of(group(BIG, 4e9), group(LITTLE, 2e9)))), List.of()));
    }

    @Test
    void tellsTheLargestChangeInEitherDirection() {
        Calibration before = new Calibration(Map.of(BIG, 0.5, LITTLE, 1.0));

        assertThat(before.largestChange(before)).isEqualTo(1);
        assertThat(before.largestChange(Calibration.NONE)).isEqualTo(2);
        assertThat(new Calibration(Map.of(BIG, 0.6, LITTLE, 0.75)).largestChange(before))
                .isEqualTo(1 / 0.75);
    }

    @Test
    void refusesSpeedsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(Map.of(BIG, 0.0)))
                .withMessageContaining("speed (0.0) of core group a/big must be finite and above 0");
    }

    private static CoreGroup group(CoreGroupId id, double rate) {
        return new CoreGroup(id, CoreGroup.Kind.CPU, List.of(), 1, rate);
    }
}
