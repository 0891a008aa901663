package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.planner.RowShares.PartSeconds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSharesTest {

    @Test
    void slowestPartTakesTheLeastOfAllDivisions() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int rows = 1 + random.nextInt(14);
            int parts = 1 + random.nextInt(4);
            PartSeconds times = times(random, rows, parts);

            List<Integer> shares = RowShares.balanced(rows, parts, times);

            assertThat(shares.stream().mapToInt(Integer::intValue).sum())
                    .as("seed %d", seed)
                    .isEqualTo(rows);
            assertThat(RowShares.slowestSeconds(shares, times))
                    .as("seed %d", seed)
                    .isEqualTo(least(0, 0, rows, parts, times));
        }
    }

    @Test
    void leavesOutAPartThatIsSlowerThanAllOthersTogether() {
        PartSeconds times = (part, from, to) -> part == 1 ? 100 : to - from;

        assertThat(RowShares.balanced(10, 3, times)).containsExactly(5, 0, 5);
    }

    @Test
    void refusesToDealNoRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowShares.balanced(0, 2, (part, from, to) -> 1))
                .withMessageContaining("rows (0) and parts (2) must both be at least 1");
    }

    /** A fixed time, a rate, and a halo that ends at the borders. */
    private static PartSeconds times(Random random, int rows, int parts) {
        int halo = random.nextInt(4);
        double[] fixed = random.doubles(parts, 0, 3).toArray();
        double[] perRow = random.doubles(parts, 0.1, 2).toArray();
        return (part, from, to) -> fixed[part] + perRow[part] * (Math.min(rows, to + halo) - Math.max(0, from - halo));
    }

    private static double least(int part, int from, int rows, int parts, PartSeconds times) {
        if (part == parts) {
            return from == rows ? 0 : Double.POSITIVE_INFINITY;
        }
        double least = least(part + 1, from, rows, parts, times);
        for (int to = from + 1; to <= rows; to++) {
            double slowest = Math.max(times.seconds(part, from, to), least(part + 1, to, rows, parts, times));
            least = Math.min(least, slowest);
        }
        return least;
    }
}
