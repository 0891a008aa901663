package dev.tandem.harness.experiment.kpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.planner.baseline.kpath.MinSumPartition;
import dev.tandem.core.planner.bottleneck.BlockChain;
import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Solved;
import dev.tandem.core.planner.bottleneck.BottleneckSolver;
import dev.tandem.core.planner.bottleneck.Mesh;
import dev.tandem.core.planner.bottleneck.SolveLimits;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KerasModelTest {

    private static final double BYTES_PER_MEGABIT = (1 << 20) / 8.0;

    @Test
    void hasAsManyParametersAsPublished() {
        Map<String, Long> published = Map.of(
                "MobileNetV2", 3_538_984L,
                "EfficientNetB1", 7_856_239L,
                "ResNet50", 25_636_712L,
                "InceptionResNetV2", 55_873_736L);

        for (String name : KerasModel.NAMES) {
            assertThat(KerasModel.named(name).layers().stream()
                            .mapToLong(KerasModel.Layer::parameters)
                            .sum())
                    .as(name)
                    .isEqualTo(published.get(name));
        }
    }

    @Test
    void cutsResNet50WhereThePublishedNotebookDoes() {
        BlockChain chain = KerasModel.named("ResNet50").chain();

        List<Integer> cuts =
                new MinSumPartition(chain).cuts((64L << 20) - 1, 50).orElseThrow();

        assertThat(cuts.stream().map(cut -> chain.blocks().get(cut - 1).name()))
                .containsExactly("pool1_pool", "conv3_block2_add", "conv5_block1_add");
        assertThat(chain.transferBytes(cuts.get(0)) / BYTES_PER_MEGABIT).isCloseTo(17.01, within(0.01));
    }

    @Test
    void placesRealModelsAsWellAsSubsetsOfNodesAllow() {
        for (String name : KerasModel.NAMES) {
            for (int seed = 0; seed < 2; seed++) {
                Mesh mesh = RandomCluster.mesh(7, (64L << 20) - 1, new SplittableRandom(seed));
                BottleneckProblem problem =
                        new BottleneckProblem(KerasModel.named(name).chain(), mesh);

                Solved solved = (Solved) new BottleneckSolver(SolveLimits.DEFAULT).solve(problem);

                assertThat(solved.bottleneckSeconds()).as(name).isEqualTo(NodeSubsets.leastSeconds(problem));
                assertThat(solved.isOptimal()).as(name).isTrue();
            }
        }
    }

    @Test
    void drawsClustersWithTheMeanBandwidthOfThePaper() {
        Mesh mesh = RandomCluster.mesh(400, 1, new SplittableRandom(1));
        double sum = 0;
        for (int from = 0; from < mesh.size(); from++) {
            for (int to = 0; to < mesh.size(); to++) {
                sum += mesh.bytesPerSecond(from, to) / BYTES_PER_MEGABIT;
            }
        }

        assertThat(sum / (400 * 399)).isCloseTo(6.0, within(0.2));
    }

    @Test
    void refusesModelsWithoutAList() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KerasModel.named("LeNet"))
                .withMessageContaining("no layer list of model 'LeNet'; there is MobileNetV2,");
    }
}
