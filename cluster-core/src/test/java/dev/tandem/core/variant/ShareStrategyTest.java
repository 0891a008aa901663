package dev.tandem.core.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShareStrategyTest {

    private static final ShareProblem PROBLEM =
            Batches.problem(10, Batches.family(0.5, 0.7), new long[] {10, 30}, new long[] {20, 120});

    @Test
    void uniformAndProportionalRunTheMostAccurateVariant() {
        assertThat(ShareStrategy.UNIFORM
                        .search(PROBLEM)
                        .soonest(0)
                        .orElseThrow()
                        .lanes())
                .containsExactly(new Shares.Lane("p0", "v1", 5), new Shares.Lane("p1", "v1", 5));
        assertThat(ShareStrategy.PROPORTIONAL
                        .search(PROBLEM)
                        .soonest(0)
                        .orElseThrow()
                        .lanes())
                .containsExactly(new Shares.Lane("p0", "v1", 8), new Shares.Lane("p1", "v1", 2));
        assertThat(ShareStrategy.PROPORTIONAL.search(PROBLEM).mostAccurate(239)).isEmpty();
    }

    @Test
    void approximationChoosesOneVariantForEachPlace() {
        assertThat(ShareStrategy.UNIFORM_APPROXIMATED
                        .search(PROBLEM)
                        .mostAccurate(150)
                        .orElseThrow()
                        .lanes())
                .containsExactly(new Shares.Lane("p0", "v1", 5), new Shares.Lane("p1", "v0", 5));
        assertThat(ShareStrategy.PROPORTIONAL_APPROXIMATED
                        .search(PROBLEM)
                        .mostAccurate(125)
                        .orElseThrow()
                        .lanes())
                .containsExactly(new Shares.Lane("p0", "v1", 4), new Shares.Lane("p1", "v0", 6));
    }

    @Test
    void imagesThatAreLateCountAsWrong() {
        assertThat(ShareStrategy.UNIFORM.search(PROBLEM).mostCorrect(150)).isEqualTo((5 + 1) * 7000);
    }

    @Test
    void sharesAddUpWhateverTheRemainders() {
        assertThat(Apportionment.EVEN.divide(11, new long[] {1, 1, 1})).containsExactly(4, 4, 3);
        assertThat(Apportionment.PROPORTIONAL.divide(11, new long[] {1, 1, 1})).containsExactly(4, 4, 3);
        assertThat(Apportionment.PROPORTIONAL.divide(7, new long[] {1, 3, 1000}))
                .containsExactly(5, 2, 0);
    }

    @Test
    void refusesMoreCombinationsThanCanBeTried() {
        long[] times = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        ShareProblem problem = Batches.problem(
                1,
                Batches.family(0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55),
                times,
                times,
                times,
                times,
                times,
                times,
                times);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShareStrategy.UNIFORM_APPROXIMATED.search(problem))
                .withMessageContaining("10 variants at 7 places give 1.0E7 combinations");
    }
}
