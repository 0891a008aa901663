package dev.tandem.harness.experiment.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.harness.experiment.statistics.Quartiles;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomMeshTest {

    @Test
    void tenNodesHaveFifteenLinksAndReachEachOther() {
        for (int seed = 0; seed < 50; seed++) {
            double[][] mbits = RandomMesh.links(10, new SplittableRandom(seed));
            double[][] widest = Arrays.stream(mbits).map(double[]::clone).toArray(double[][]::new);
            RandomMesh.widen(widest);

            assertThat(Arrays.stream(mbits).flatMapToDouble(Arrays::stream).filter(mbit -> mbit > 0))
                    .as("seed %d", seed)
                    .hasSize(30)
                    .allMatch(mbit -> mbit >= 10 && mbit <= 50);
            assertThat(Arrays.stream(widest).flatMapToDouble(Arrays::stream))
                    .as("seed %d", seed)
                    .allMatch(mbit -> mbit >= 10);
        }
    }

    @Test
    void dataTakesThePathOfTheWidestNarrowestLink() {
        double[][] mbits = {{0, 10, 40}, {10, 0, 30}, {40, 30, 0}};

        RandomMesh.widen(mbits);

        assertThat(mbits[0][1]).isEqualTo(30);
        assertThat(mbits[0][2]).isEqualTo(40);
    }

    @Test
    void quartilesLieBetweenValues() {
        assertThat(Quartiles.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Quartiles(1.75, 2.5, 3.25));
    }
}
