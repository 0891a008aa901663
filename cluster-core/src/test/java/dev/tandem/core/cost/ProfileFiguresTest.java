package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileFiguresTest {

    private final ModelGraph graph = GraphFixtures.chain(new Random(3), 4, 32);
    private final Profile layers = Profile.of(
            new LayerTimes(graph.digest(), Collections.nCopies(graph.layers().size(), 1.0)));

    @Test
    void saysWhatTheMedianCutCostsOnBothSides() {
        double[] bytes = graph.allowedCuts().stream()
                .mapToDouble(cut -> cut.bytes())
                .sorted()
                .toArray();

        assertThat(figures(new SegmentCosts(0.5, 1e-6, 1e-6, 0)).medianCutSeconds())
                .hasValueCloseTo(2e-6 * bytes[bytes.length / 2], within(1e-12));
        assertThat(figures(SegmentCosts.NONE).medianCutSeconds()).hasValue(0);
    }

    @Test
    void saysHowFarBelowFullRateAShareRuns() {
        assertThat(figures(SegmentCosts.NONE).shareEfficiency(4)).hasValueCloseTo(1.0, within(1e-12));
        assertThat(figures(new SegmentCosts(0, 0, 0, 0.1)).shareEfficiency(4).orElseThrow())
                .isBetween(0.5, 0.95);
        assertThat(figures(SegmentCosts.NONE).shareEfficiency(1000)).isEmpty();
    }

    private ProfileFigures figures(SegmentCosts costs) {
        return new ProfileFigures(graph, layers.with(costs));
    }
}
