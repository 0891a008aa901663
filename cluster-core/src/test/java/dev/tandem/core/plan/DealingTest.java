package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Dealing.Standing;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DealingTest {

    @Test
    void theLaneThatWouldBeDoneFirstIsNext() {
        Dealing dealing = new Dealing(List.of(lane(2, "m", 1), lane(0.5, "m", 1)));

        assertThat(dealing.isBefore(new Standing(0, 2, 90), new Standing(1, 0, 0)))
                .isTrue();
        assertThat(dealing.isBefore(new Standing(0, 4, 0), new Standing(1, 0, 90)))
                .isFalse();
    }

    @Test
    void amongEqualsTheLaneFurthestBehindItsShareIsNext() {
        Dealing dealing = new Dealing(List.of(lane(3, "m", 1), lane(1, "m", 1)));

        assertThat(dealing.isBefore(new Standing(0, 2, 1), new Standing(1, 0, 0)))
                .isTrue();
        assertThat(dealing.isBefore(new Standing(0, 2, 3), new Standing(1, 0, 0)))
                .isFalse();
        assertThat(dealing.isBefore(new Standing(1, 0, 0), new Standing(0, 2, 3)))
                .isTrue();
    }

    @Test
    void aRequestPassesEachStageOfItsLane() {
        Dealing dealing = new Dealing(List.of(lane(1, "m", 3), lane(1, "m", 1)));

        assertThat(dealing.isBefore(new Standing(0, 0, 0), new Standing(1, 1, 90)))
                .isFalse();
        assertThat(dealing.isBefore(new Standing(0, 2, 0), new Standing(1, 2, 90)))
                .isTrue();
        assertThat(dealing.isBefore(new Standing(0, 3, 0), new Standing(1, 2, 90)))
                .isFalse();
    }

    @Test
    void sharesOfVariantsAreKeptWhateverQueues() {
        Dealing dealing = new Dealing(List.of(lane(1, "large", 1), lane(1, "small", 1)));

        assertThat(dealing.isBefore(new Standing(0, 9, 0), new Standing(1, 0, 1)))
                .isTrue();
    }

    @Test
    void lanesThatStandByMakeNoMixture() {
        Dealing dealing = new Dealing(List.of(lane(1, "large", 1), lane(1, "large", 1), lane(0, "small", 1)));

        assertThat(dealing.isBefore(new Standing(0, 9, 0), new Standing(1, 0, 1)))
                .isFalse();
    }

    private static Lane lane(double weight, String variant, int stages) {
        return new Lane(
                weight,
                variant,
                IntStream.range(0, stages)
                        .mapToObj(stage -> new Stage(
                                new Segment(stage, stage + 1),
                                List.of(new Shard(new CoreGroupId("node", "cpu"), Map.of(), Map.of()))))
                        .toList(),
                List.of());
    }
}
