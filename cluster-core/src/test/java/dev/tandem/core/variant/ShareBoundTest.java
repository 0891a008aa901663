package dev.tandem.core.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ShareBoundTest {

    private static final double ROUNDING = 1e-9;

    @Test
    void noSharesBeatIt() {
        Random random = new Random(9);
        for (int trial = 0; trial < 300; trial++) {
            ShareProblem problem = Batches.random(random);
            ShareBound bound = new ShareBound(problem);
            Batches.forEach(problem, shares -> {
                assertThat(shares.imagesPerSecond())
                        .isLessThanOrEqualTo(bound.imagesPerSecond(shares.accuracy()) * (1 + ROUNDING));
                assertThat(shares.accuracy()).isLessThanOrEqualTo(bound.accuracy(shares.imagesPerSecond()) + ROUNDING);
            });
        }
    }

    @Test
    void noMoreImagesAreCorrectInTime() {
        Random random = new Random(10);
        for (int trial = 0; trial < 300; trial++) {
            ShareProblem problem = Batches.random(random);
            long deadline = 1L + random.nextInt(40);
            double correct = (double) ShareStrategy.TANDEM.search(problem).mostCorrect(deadline)
                    / problem.images()
                    / Variant.UNITS;

            assertThat(correct)
                    .isLessThanOrEqualTo(
                            new ShareBound(problem).correctInTime(problem.images() * 1e9 / deadline) + ROUNDING);
        }
    }

    @Test
    void largeBatchesReachIt() {
        ShareProblem problem = Batches.problem(
                100, Batches.family(0.5, 0.6, 0.7), new long[] {1_000_000, 3_000_000, 7_000_000}, new long[] {
                    4_000_000, 5_000_000, 19_000_000
                });
        ShareBound bound = new ShareBound(problem);
        ShareSearch exact = ShareStrategy.TANDEM.search(problem);
        for (double accuracy = 0.5; accuracy < 0.7; accuracy += 0.01) {
            ShareRequest request = new ShareRequest(1, accuracy);
            double rate = exact.soonest(request.accuracySum(100)).orElseThrow().imagesPerSecond();

            assertThat(rate / bound.imagesPerSecond(accuracy)).isCloseTo(1, within(0.03));
        }
    }

    @Test
    void isZeroForWhatNoVariantHas() {
        ShareBound bound = new ShareBound(Batches.problem(1, Batches.family(0.5), new long[] {1_000_000_000}));

        assertThat(bound.imagesPerSecond(0.51)).isZero();
        assertThat(bound.accuracy(1.01)).isZero();
        assertThat(bound.imagesPerSecond(0.5)).isEqualTo(1);
        assertThat(bound.accuracy(1)).isEqualTo(0.5);
    }
}
