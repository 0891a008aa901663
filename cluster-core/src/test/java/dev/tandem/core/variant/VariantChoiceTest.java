package dev.tandem.core.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tandem.core.variant.VariantChoice.Met;
import dev.tandem.core.variant.VariantChoice.Missed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VariantChoiceTest {

    /** A quick and a slow place: 100 and 25 images per second by the better variant, four times that by the other. */
    private static final ShareProblem PROBLEM = Batches.problem(
            10, Batches.family(0.5, 0.7), new long[] {2_500_000, 10_000_000}, new long[] {10_000_000, 40_000_000});

    @Test
    void takesTheMostAccurateSharesThatKeepTheRate() {
        VariantChoice choice = choice(new ShareRequest(125, 0.6));

        assertThat(choice).isInstanceOf(Met.class);
        assertThat(choice.shares().accuracy()).isEqualTo(0.7);
        assertThat(choice.shares().lanes())
                .containsExactly(new Shares.Lane("p0", "v1", 8), new Shares.Lane("p1", "v1", 2));
    }

    @Test
    void saysThatAccuracyBindsWhereNoVariantHasIt() {
        assertThat(choice(new ShareRequest(125, 0.75)))
                .asInstanceOf(type(Missed.class))
                .satisfies(missed -> {
                    assertThat(missed.accurate()).isEmpty();
                    assertThat(missed.reason())
                            .isEqualTo("accuracy 0.7500 binds: it is above what this can have at any rate; at 125.00"
                                    + " images per second the most is 0.7000, 5.00 points less");
                    assertThat(missed.shares().violation(new ShareRequest(125, 0.75)))
                            .isCloseTo(0.2 / 3, within(1e-9));
                });
    }

    @Test
    void saysThatTheRateBindsWhereNoVariantIsQuickEnough() {
        assertThat(choice(new ShareRequest(1000, 0.5)))
                .asInstanceOf(type(Missed.class))
                .satisfies(missed -> {
                    assertThat(missed.inTime()).isEmpty();
                    assertThat(missed.reason())
                            .isEqualTo("1000.00 images per second binds: it cannot be had at any accuracy; at accuracy"
                                    + " 0.5000 the most is 500.00 images per second, 50.0 % less");
                    assertThat(missed.shares().imagesPerSecond()).isEqualTo(500);
                });
    }

    @Test
    void saysThatBothBindWhereEachAloneCouldBeKept() {
        assertThat(choice(new ShareRequest(400, 0.7)))
                .asInstanceOf(type(Missed.class))
                .satisfies(missed -> assertThat(missed.reason())
                        .startsWith("400.00 images per second and accuracy 0.7000 bind together: at accuracy 0.7000 the"
                                + " most is 125.00 images per second, 68.8 % less, at this rate 0."));
    }

    @Test
    void fallsShortByNoMoreThanAnyOtherShares() {
        Random random = new Random(8);
        for (int trial = 0; trial < 200; trial++) {
            ShareProblem problem = Batches.random(random, 1_000_000);
            ShareRequest request = new ShareRequest(1e3 / (1 + random.nextInt(5)), (1 + random.nextInt(20)) / 20.0);
            double[] least = {1};
            Batches.forEach(problem, shares -> least[0] = Math.min(least[0], shares.violation(request)));

            VariantChoice choice = VariantChoice.of(ShareStrategy.TANDEM.search(problem), problem.images(), request);

            assertThat(choice.shares().violation(request))
                    .as("%s for %s", problem, request)
                    .isCloseTo(least[0], within(1e-5));
            assertThat(choice instanceof Met).isEqualTo(least[0] == 0);
        }
    }

    @Test
    void refusesTablesAndRequestsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batches.variant("v", 0.70915))
                .withMessageContaining(
                        "accuracy (0.70915) of variant v must be above 0, at most 1 and have at most four");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Variant("v", 0.7, "test", 0, 1))
                .withMessageContaining("multiply-adds (0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModelFamily("t", List.of()))
                .withMessageContaining("at least one variant");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModelFamily("t", List.of(Batches.variant("v", 0.5), Batches.variant("v", 0.6))))
                .withMessageContaining("must differ: [v, v]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Place.of("p", List.of(0.0), List.of(0.0)))
                .withMessageContaining("must be finite and above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Place.of("p", List.of(1.0), List.of(Double.POSITIVE_INFINITY)))
                .withMessageContaining("finite and at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Place.of("p", List.of(1.0), List.of()))
                .withMessageContaining("place p has 1 rates, but 0 transfer times");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Place("p", List.of(0L)))
                .withMessageContaining("of place p must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batches.problem(0, Batches.family(0.5), new long[] {1}))
                .withMessageContaining("images (0) must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batches.problem(1, Batches.family(0.5), new long[] {1, 2}))
                .withMessageContaining("place p0 has times of 2 variants, but family test has 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShareRequest(0, 0.5))
                .withMessageContaining("required rate (0.0 images per second) must be above 0");
    }

    private static VariantChoice choice(ShareRequest request) {
        return VariantChoice.of(ShareStrategy.TANDEM.search(PROBLEM), PROBLEM.images(), request);
    }
}
