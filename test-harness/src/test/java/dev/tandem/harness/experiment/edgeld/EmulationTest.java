package dev.tandem.harness.experiment.edgeld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulationTest {

    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, TensorSpec> tensors = new LinkedHashMap<>();

    @Test
    void tandemIsOnTheOptimumOfOtherCodeOnEveryNetwork() {
        Emulation emulation = new Emulation("small", network(33));

        for (String network : Emulation.networkNames()) {
            assertThat(emulation.compare(network, 3)).hasSize(6).allSatisfy(one -> {
                assertThat(one.tandem()).isCloseTo(one.optimumOfAny(), within(1e-9));
                assertThat(one.optimumRelayed()).isLessThan(Math.min(one.optimumOfAny(), one.optimum()) + 1e-9);
                assertThat(one.optimum()).isLessThan(Math.min(one.ocbp(), one.bodp()) + 1e-9);
                assertThat(one.optimum()).isLessThan(one.bodpPerLayer() + 1e-9);
                assertThat(one.tandemsRows()).isBetween(one.optimum() - 1e-9, Math.min(one.ocbp(), one.bodp()) + 1e-9);
            });
        }
    }

    @Test
    void timesOfPublishedDivisionsFollowByHand() {
        RowChain chain = RowChain.of(network(32));
        Follower follower = new Follower(1, 1e30);

        Published alone = new Published(chain, List.of(follower));

        double work = chain.tailSeconds()
                + chain.units().stream().mapToDouble(RowChain.Unit::seconds).sum();
        assertThat(alone.bodpPerLayer()).isCloseTo(work + 6 * LinearTime.SECONDS_PER_CALL, within(1e-12));
        assertThat(alone.bodp()).isCloseTo(work + 4 * LinearTime.SECONDS_PER_CALL, within(1e-12));
        assertThat(PublishedRows.byRate(10, List.of(follower, new Follower(1.5, 1), new Follower(1, 1))))
                .containsExactly(2, 4, 4);
    }

    @Test
    void writesClustersPageAndChart(@TempDir Path folder) throws IOException {
        Outcome outcome = Outcome.of("tandem experiment edgeld", new Emulation("small", network(33)).compare("100", 2));

        ReportFiles.write(folder, outcome);

        assertThat(outcome.speedups()).hasSize(2);
        assertThat(folder.resolve("clusters.csv")).content().contains("small,equal,100,2,");
        assertThat(folder.resolve("edgeld.md"))
                .content()
                .contains("    tandem experiment edgeld\n", "| small | equal |");
        assertThat(folder.resolve("edgeld.svg")).content().contains("<svg", "<path");
    }

    /** Two stages of two convolutions and a pooling, and a dense layer. */
    private ModelGraph network(int rows) {
        layers.clear();
        tensors.clear();
        TensorSpec newest = map("in", 3, rows);
        TensorSpec image = newest;
        for (int stage = 0; stage < 2; stage++) {
            for (int convolution = 0; convolution < 2; convolution++) {
                TensorSpec written = map("c" + stage + convolution, 64, newest.rows());
                newest = add(newest, written, new Window(3, 1, 1, 1, 1), 40_000_000L * newest.rows(), 100);
                newest = add(newest, map("r" + stage + convolution, 64, newest.rows()), new Pointwise(), 0, 0);
            }
            newest = add(newest, map("p" + stage, 64, newest.rows() / 2), new Window(2, 2, 1, 0, 0), 0, 0);
        }
        TensorSpec classes = new TensorSpec("out", ElementType.FLOAT, List.of(1, 10));
        add(newest, classes, new Whole("has no rows"), 1_000_000, 100);
        return new ModelGraph("small", "hand-made", List.of(image), List.of(classes), layers, tensors);
    }

    private TensorSpec map(String name, int channels, int rows) {
        TensorSpec map = new TensorSpec(name, ElementType.FLOAT, List.of(1, channels, rows, 32));
        tensors.put(name, map);
        return map;
    }

    private TensorSpec add(
            TensorSpec read, TensorSpec written, AxisGeometry geometry, long multiplyAdds, long weightBytes) {
        tensors.put(written.name(), written);
        layers.add(new Layer(
                layers.size(),
                written.name(),
                "Any",
                List.of(read.name()),
                List.of(written.name()),
                multiplyAdds,
                weightBytes,
                geometry));
        return written;
    }
}
