package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A chain of twelve layers, of which each two neighbours are one kernel. */
class SegmentCostsFitTest {

    private final ModelGraph graph = GraphFixtures.chain(new Random(3), 12, 32);
    private final Profile times = new Profile(
            GraphFixtures.times(new Random(4), graph),
            graph.layers().stream().map(layer -> layer.index() / 2 * 2).toList(),
            new SegmentCosts(2e-5, 0, 0, 0));

    @Test
    void findsTheCostsThatSamplesWereMadeFrom() {
        SegmentCosts made = new SegmentCosts(2e-5, 3e-8, 9e-8, 4e-5);

        Profile fitted = SegmentCostsFit.fit(graph, times, samples(made, 0));

        assertThat(fitted.costs().secondsPerCall()).isEqualTo(2e-5);
        assertThat(fitted.costs().secondsPerCutByte()).isCloseTo(3e-8, within(1e-12));
        assertThat(fitted.costs().secondsPerFusedCutByte()).isCloseTo(9e-8, within(1e-12));
        assertThat(fitted.costs().secondsPerNarrowLayer()).isCloseTo(4e-5, within(1e-9));
        assertThat(SegmentCostsFit.medianError(graph, fitted, samples(made, 0))).isLessThan(1e-6);
    }

    @Test
    void isHardlyMovedByDisturbedSamples() {
        SegmentCosts made = new SegmentCosts(2e-5, 3e-8, 9e-8, 4e-5);

        SegmentCosts fitted =
                SegmentCostsFit.fit(graph, times, samples(made, 5)).costs();

        assertThat(fitted.secondsPerCutByte()).isCloseTo(3e-8, within(3e-9));
        assertThat(fitted.secondsPerFusedCutByte()).isCloseTo(9e-8, within(9e-9));
        assertThat(fitted.secondsPerNarrowLayer()).isCloseTo(4e-5, within(4e-6));
    }

    @Test
    void findsNothingWherePartsAreAsFastAsTheirLayersOrFaster() {
        List<SegmentSample> faster = samples(SegmentCosts.NONE, 0).stream()
                .map(sample -> new SegmentSample(sample.segment(), sample.outputs(), 0.9 * sample.seconds()))
                .toList();

        assertThat(SegmentCostsFit.fit(graph, times.with(SegmentCosts.NONE), faster)
                        .costs())
                .isEqualTo(SegmentCosts.NONE);
        assertThat(SegmentCostsFit.fit(graph, times, List.of())).isEqualTo(times);
        assertThat(SegmentCostsFit.medianError(graph, times, List.of())).isZero();
    }

    @Test
    void takesTheCostBetweenKernelsWhereNoSamplePartsOne() {
        SegmentCosts made = new SegmentCosts(2e-5, 3e-8, 3e-8, 0);
        List<SegmentSample> clean = samples(made, 0).stream()
                .filter(sample -> sample.outputs().isEmpty()
                        && sample.segment().from() % 2 == 0
                        && sample.segment().to() % 2 == 0)
                .toList();

        assertThat(SegmentCostsFit.fit(graph, times, clean).costs().secondsPerFusedCutByte())
                .isCloseTo(3e-8, within(1e-12));
    }

    /** @param everyDoubled that many samples apart take twice as long; 0: none */
    private List<SegmentSample> samples(SegmentCosts costs, int everyDoubled) {
        SegmentSeconds truth = new SegmentSeconds(graph, times.with(costs));
        List<SegmentSample> samples = new ArrayList<>();
        for (int from = 0; from < 12; from++) {
            for (int to = from + 1; to <= 12; to++) {
                Segment segment = new Segment(from, to);
                String output = graph.outputs(segment).get(0).name();
                Region half = Region.rows(0, Math.max(1, graph.tensor(output).rows() / 2));
                for (Map<String, Region> part : List.of(Map.<String, Region>of(), Map.of(output, half))) {
                    double seconds = part.isEmpty() ? truth.seconds(segment) : truth.seconds(segment, part);
                    boolean doubled = everyDoubled > 0 && samples.size() % everyDoubled == 0;
                    samples.add(new SegmentSample(segment, part, doubled ? 2 * seconds : seconds));
                }
            }
        }
        return samples;
    }
}
