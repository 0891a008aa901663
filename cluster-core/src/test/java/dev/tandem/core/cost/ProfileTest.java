package dev.tandem.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.RandomGraphs;
import dev.tandem.core.region.ReceptiveField;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileTest {

    private static final RuntimeCosts RUNTIME = new RuntimeCosts(0.5, 0, 1000, 1);

    private final ModelGraph graph = GraphFixtures.chain(new Random(1), 5, 16);
    private final Topology topology = GraphFixtures.topology(
            List.of(GraphFixtures.node("a", 1, 1e9), GraphFixtures.node("b", 1, 5e8)), 1e6, 0.001);
    private final CoreGroup onReference = topology.nodes().get(0).coreGroups().get(0);
    private final CoreGroup onB = topology.nodes().get(1).coreGroups().get(0);

    @Test
    void addsTheCallAndTheBytesOfBothCuts() {
        Profile profile = profile(List.of(1.0, 1.0, 1.0, 1.0, 1.0), List.of(0, 1, 2, 2, 4), 1e-6, 2e-6, 0);
        CostModel cost = cost(profile, Map.of());

        // Layers 2 and 3 are one kernel: the cut between them costs twice as much per byte.
        double clean = graph.tensor("t0").bytes() * 1e-6;
        double fused = graph.tensor("t2").bytes() * 2e-6;
        assertThat(cost.computeSeconds(onReference, new Segment(1, 3)))
                .isCloseTo(0.5 + 0.125 + 2 + clean + fused, within(1e-12));
        assertThat(cost.computeSeconds(onReference, graph.whole())).isCloseTo(0.5 + 0.125 + 5, within(1e-12));
        assertThat(cost.computeSeconds(onB, new Segment(1, 3)))
                .isCloseTo(0.5 + 2 * (0.125 + 2 + clean + fused), within(1e-12));
    }

    @Test
    void takesACoreGroupsOwnProfileUnscaled() {
        Profile reference = profile(List.of(1.0, 1.0, 1.0, 1.0, 1.0), List.of(0, 1, 2, 3, 4), 0, 0, 0);
        Profile own = profile(List.of(1.0, 4.0, 1.0, 1.0, 1.0), List.of(0, 1, 2, 3, 4), 0, 0, 0);
        CostModel cost = cost(reference, Map.of(onB.id(), own));

        assertThat(cost.computeSeconds(onB, new Segment(1, 2))).isCloseTo(0.5 + 0.125 + 4, within(1e-12));
        assertThat(cost.computeSeconds(onReference, new Segment(1, 2))).isCloseTo(0.5 + 0.125 + 1, within(1e-12));
    }

    @Test
    void addsToEveryLayerThatComputesSomeOfItsRows() {
        Profile profile = profile(List.of(1.0, 0.2, 1.0, 1.0, 1.0), List.of(0, 1, 2, 3, 4), 0, 0, 0.25);
        CostModel cost = cost(profile, Map.of());
        Segment segment = new Segment(0, 2);
        Interval half = new Interval(0, graph.tensor("t1").rows() / 2);
        Map<String, Interval> rows = ReceptiveField.rows(graph, segment, Map.of("t1", half));
        double first = (double) Objects.requireNonNull(rows.get("t0")).length()
                / graph.tensor("t0").rows();

        // The second layer's surcharge is bounded by what the other half of it takes.
        assertThat(cost.computeSeconds(onReference, segment, Map.of("t1", Region.rows(half))))
                .isCloseTo(0.5 + 0.125 + first + Math.min(0.25, 1 - first) + 0.1 + 0.1, within(1e-12));
    }

    @Test
    void isNeverCheaperForALongerSegmentOrForMoreRows() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            boolean needsAllRows = seed < 50;
            ModelGraph branchy = needsAllRows ? GraphFixtures.branchy(random, 9, 16) : new RandomGraphs(random).next();
            Profile profile = new Profile(
                    GraphFixtures.times(random, branchy),
                    branchy.layers().stream().map(layer -> layer.index() / 2).toList(),
                    new SegmentCosts(
                            random.nextDouble(),
                            random.nextDouble() * 1e-5,
                            random.nextDouble() * 1e-4,
                            random.nextDouble() * 0.01));
            SegmentSeconds seconds = new SegmentSeconds(branchy, profile);
            int layers = branchy.layers().size();
            for (int from = 0; from < layers; from++) {
                for (int to = from + 1; to <= layers; to++) {
                    Segment segment = new Segment(from, to);
                    double own = seconds.seconds(segment);
                    if (to < layers) {
                        assertThat(seconds.seconds(new Segment(from, to + 1))).isGreaterThanOrEqualTo(own - 1e-12);
                    }
                    if (from > 0) {
                        assertThat(seconds.seconds(new Segment(from - 1, to))).isGreaterThanOrEqualTo(own - 1e-12);
                    }
                    assertThat(growingWithRows(branchy, seconds, segment))
                            .isCloseTo(own, within(needsAllRows ? 1e-12 : own));
                }
            }
        }
    }

    /** Of all rows of the outputs, after all fewer of them. */
    private static double growingWithRows(ModelGraph graph, SegmentSeconds seconds, Segment segment) {
        double fewer = 0;
        int rows = graph.outputs(segment).get(0).rows();
        for (int owned = 1; owned <= rows; owned++) {
            Map<String, Region> wanted = new HashMap<>();
            int share = owned;
            graph.outputs(segment)
                    .forEach(output ->
                            wanted.put(output.name(), Region.rows(0, Math.max(1, output.rows() * share / rows))));
            double more = seconds.seconds(segment, wanted);
            assertThat(more).isGreaterThanOrEqualTo(fewer - 1e-12);
            fewer = more;
        }
        return fewer;
    }

    @Test
    void refusesWhatIsNotOfTheModelOrNotMeasured() {
        LayerTimes times = new LayerTimes(graph.digest(), List.of(1.0, 1.0, 1.0, 1.0, 1.0));
        Profile other = Profile.of(new LayerTimes("other", times.seconds()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> cost(Profile.of(times), Map.of(new CoreGroupId("b", "cpu"), other)))
                .withMessageContaining("layer times of model other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Profile(times, List.of(0, 1), SegmentCosts.NONE))
                .withMessageContaining("kernels (2) must name one of the 5 layers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Profile(times, List.of(0, 1, 2, 3, 5), SegmentCosts.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SegmentCosts.NONE.withNarrowLayer(-1))
                .withMessageContaining("secondsPerNarrowLayer (-1.0) must be finite and at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SegmentSample(graph.whole(), Map.of(), 0))
                .withMessageContaining("must be finite and above 0");
    }

    private Profile profile(
            List<Double> times, List<Integer> kernels, double cutByte, double fusedCutByte, double narrowLayer) {
        return new Profile(
                new LayerTimes(graph.digest(), times),
                kernels,
                new SegmentCosts(0.125, cutByte, fusedCutByte, narrowLayer));
    }

    private CostModel cost(Profile reference, Map<CoreGroupId, Profile> own) {
        return new CostModel(graph, reference, 1e9, own, topology, RUNTIME);
    }
}
