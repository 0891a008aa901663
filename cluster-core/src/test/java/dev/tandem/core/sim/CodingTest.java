package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CodecCosts;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.Topology;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers of 1 ms and 3 ms, tensors of 1000 bytes in frames of 250, links of 100 kB/s and 20 ms. */
class CodingTest {

    private static final double LINK_SECONDS_PER_BYTE = 1e-5;
    private static final Arrivals MANY = new Arrivals.ClosedLoop(1_000, 12);
    private static final RuntimeCosts RUNTIME = new RuntimeCosts(0, 0, 250, 2);
    private static final Topology NODES = Line.nodes(1 / LINK_SECONDS_PER_BYTE, 0.02, "a", "b");

    @ParameterizedTest
    @EnumSource(Codec.class)
    void takesTheBytesOfTheCodecOverTheLinks(Codec codec) {
        Line line = new Line(List.of(1e-3, 3e-3), NODES, RUNTIME, codec);
        Lane chain = line.chain("a", "b");
        double piece = 1000 * CodecCosts.of(codec).ratio() * LINK_SECONDS_PER_BYTE;

        assertThat(line.score(chain).latencySeconds()).isCloseTo(3 * (0.02 + piece) + 4e-3, within(1e-9));
        assertThat(latency(line, chain)).isCloseTo(line.score(chain).latencySeconds(), within(1e-6));
        assertThat(line.score(chain).throughputPerSecond()).isCloseTo(1 / Math.max(piece, 3e-3), within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void takesTheProcessorForCodingAsForCarrying(Codec codec) {
        // A processor on which carrying takes a million times as long as where codecs were measured.
        Carrying slow = new Carrying(0, 0, 1e6 * Carrying.PRESET.secondsPerByte());
        Line line = new Line(List.of(1e-3, 3e-3), GraphFixtures.carrying(NODES, 1, slow, false), RUNTIME, codec);
        Lane chain = line.chain("a", "b");
        CodecCosts costs = CodecCosts.of(codec);
        double carried = 1000 * costs.ratio() * slow.secondsPerByte();
        double encoded = 1000 * costs.encodeSecondsPerByte() * 1e6;
        double decoded = 1000 * costs.decodeSecondsPerByte() * 1e6;

        // b takes a piece, computes and sends one.
        assertThat(1 / line.score(chain).throughputPerSecond())
                .isCloseTo(3e-3 + 2 * carried + encoded + decoded, within(1e-9));
        assertThat(latency(line, chain)).isCloseTo(line.score(chain).latencySeconds(), within(1e-6));
        assertThat(perSecond(line.simulation(4, chain)))
                .isCloseTo(
                        line.score(chain).throughputPerSecond(),
                        within(0.01 * line.score(chain).throughputPerSecond()));
    }

    private static double latency(Line line, Lane lane) {
        return line.simulation(2, lane)
                .run(Scenario.of(new Arrivals.ClosedLoop(1, 1), 1))
                .latencies()
                .maxSeconds();
    }

    private static double perSecond(Simulation simulation) {
        return simulation.run(Scenario.of(MANY, 1)).throughputPerSecond();
    }
}
