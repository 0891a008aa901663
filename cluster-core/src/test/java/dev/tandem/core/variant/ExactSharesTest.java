package dev.tandem.core.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExactSharesTest {

    private static final Comparator<Shares> ACCURATE_THEN_SOON = Comparator.comparingLong(Shares::accuracySum)
            .thenComparing(Comparator.comparingLong(Shares::nanos).reversed());
    private static final Comparator<Shares> SOON_THEN_ACCURATE = Comparator.comparingLong(Shares::nanos)
            .thenComparing(Comparator.comparingLong(Shares::accuracySum).reversed());

    @Test
    void equalsTryingEverythingOnSeededBatches() {
        Random random = new Random(4);
        for (int trial = 0; trial < 400; trial++) {
            ShareProblem problem = Batches.random(random);
            List<Shares> all = new ArrayList<>();
            Batches.forEach(problem, all::add);
            long deadline = random.nextInt(40);
            long accuracy = random.nextInt(problem.images() * Variant.UNITS);

            assertSame(
                    problem,
                    ShareStrategy.TANDEM.search(problem).mostAccurate(deadline),
                    all.stream().filter(shares -> shares.nanos() <= deadline).max(ACCURATE_THEN_SOON));
            assertSame(
                    problem,
                    ShareStrategy.TANDEM.search(problem).soonest(accuracy),
                    all.stream()
                            .filter(shares -> shares.accuracySum() >= accuracy)
                            .min(SOON_THEN_ACCURATE));
        }
    }

    @Test
    void oneVariantEachEqualsTryingEverythingWithoutMixedPlaces() {
        Random random = new Random(5);
        for (int trial = 0; trial < 200; trial++) {
            ShareProblem problem = Batches.random(random);
            List<Shares> all = new ArrayList<>();
            Batches.forEach(problem, shares -> {
                if (isUnmixed(shares)) {
                    all.add(shares);
                }
            });
            long deadline = random.nextInt(40);

            assertSame(
                    problem,
                    ShareStrategy.ONE_VARIANT_EACH.search(problem).mostAccurate(deadline),
                    all.stream().filter(shares -> shares.nanos() <= deadline).max(ACCURATE_THEN_SOON));
        }
    }

    @Test
    void countsImagesInTimeAsTryingAllSmallerBatchesDoes() {
        Random random = new Random(6);
        for (int trial = 0; trial < 100; trial++) {
            ShareProblem problem = Batches.random(random);
            long deadline = random.nextInt(30);
            long[] most = {0};
            for (int images = 1; images <= problem.images(); images++) {
                Batches.forEach(new ShareProblem(problem.family(), problem.places(), images), shares -> {
                    if (shares.nanos() <= deadline) {
                        most[0] = Math.max(most[0], shares.accuracySum());
                    }
                });
            }

            assertThat(ShareStrategy.TANDEM.search(problem).mostCorrect(deadline))
                    .as("%s by %d", problem, deadline)
                    .isEqualTo(most[0]);
        }
    }

    @Test
    void noStrategyIsBetter() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            ShareProblem problem = Batches.random(random);
            ShareSearch exact = ShareStrategy.TANDEM.search(problem);
            long deadline = random.nextInt(40);
            for (ShareStrategy strategy : ShareStrategy.values()) {
                ShareSearch other = strategy.search(problem);
                other.mostAccurate(deadline).ifPresent(shares -> assertThat(ACCURATE_THEN_SOON.compare(
                                exact.mostAccurate(deadline).orElseThrow(), shares))
                        .as("%s of %s", strategy, problem)
                        .isNotNegative());
                assertThat(exact.mostCorrect(deadline)).isGreaterThanOrEqualTo(other.mostCorrect(deadline));
            }
        }
    }

    @Test
    void runsTwoVariantsOnOnePlaceWhereThatIsBest() {
        ShareProblem problem = Batches.problem(4, Batches.family(0.5, 0.7), new long[] {10, 30});

        Shares shares = ShareStrategy.TANDEM.search(problem).mostAccurate(80).orElseThrow();

        assertThat(shares.lanes()).containsExactly(new Shares.Lane("p0", "v0", 2), new Shares.Lane("p0", "v1", 2));
        assertThat(shares.accuracy()).isEqualTo(0.6);
    }

    @Test
    void refusesBatchesWithTablesTooLarge() {
        ShareProblem problem = Batches.problem(1000, Batches.family(0.0001, 0.0002, 1), new long[] {1, 2, 3});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShareStrategy.TANDEM.search(problem))
                .withMessageContaining("a batch of 1000 images")
                .withMessageContaining("Maybe share half of it twice");
    }

    private static boolean isUnmixed(Shares shares) {
        return shares.lanes().stream()
                .collect(Collectors.groupingBy(Shares.Lane::place, Collectors.counting()))
                .values()
                .stream()
                .allMatch(lanes -> lanes == 1);
    }

    private static void assertSame(ShareProblem problem, Optional<Shares> found, Optional<Shares> best) {
        assertThat(found.map(Shares::accuracySum)).as("%s", problem).isEqualTo(best.map(Shares::accuracySum));
        assertThat(found.map(Shares::nanos)).as("%s", problem).isEqualTo(best.map(Shares::nanos));
        found.ifPresent(shares -> assertThat(
                        shares.lanes().stream().mapToInt(Shares.Lane::images).sum())
                .isEqualTo(problem.images()));
    }
}
