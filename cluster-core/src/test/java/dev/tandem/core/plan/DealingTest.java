package dev.tandem.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DealingTest {

    @Test
    void aQueueIsAsLongAsItTakesAtTheRateOfItsLane() {
        Dealing dealing = new Dealing(List.of(lane(2, "m", 1), lane(0.5, "m", 1)));

        assertThat(dealing.queue(0, 0)).isZero();
        assertThat(dealing.queue(0, 4)).isCloseTo(2, within(1e-12));
        assertThat(dealing.queue(1, 1)).isCloseTo(2, within(1e-12));
    }

    @Test
    void aRequestForEachOtherStageIsNoQueue() {
        Dealing dealing = new Dealing(List.of(lane(1, "m", 3), lane(1, "m", 1)));

        assertThat(dealing.queue(0, 2)).isZero();
        assertThat(dealing.queue(0, 3)).isEqualTo(dealing.queue(1, 1));
    }

    @Test
    void sharesOfVariantsAreKeptWhateverQueues() {
        Dealing dealing = new Dealing(List.of(lane(1, "large", 1), lane(1, "small", 1)));

        assertThat(dealing.queue(0, 9)).isEqualTo(dealing.queue(1, 0));
        assertThat(dealing.progress(0, 9)).isGreaterThan(dealing.progress(1, 0));
    }

    @Test
    void lanesThatStandByMakeNoMixture() {
        Dealing dealing = new Dealing(List.of(lane(1, "large", 1), lane(0, "small", 1)));

        assertThat(dealing.queue(0, 9)).isPositive();
    }

    @Test
    void aLaneIsBehindUntilItHasTakenItsShare() {
        Dealing dealing = new Dealing(List.of(lane(3, "m", 1), lane(1, "m", 1)));

        assertThat(dealing.progress(0, 1)).isLessThan(dealing.progress(1, 0));
        assertThat(dealing.progress(0, 3)).isGreaterThan(dealing.progress(1, 0));
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
