package dev.tandem.harness.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RatioIntervalTest {

    /** ln 1.1, ln 1.2, ln 1.3: standard deviation 0.083569; t with 2 degrees of freedom 4.302653. */
    @Test
    void oneStratumIsPairedTTest() {
        RatioInterval interval = RatioInterval.of(List.of(List.of(1.1, 1.2, 1.3)));

        assertThat(interval.mean()).isCloseTo(1.197216, within(1e-6));
        assertThat(interval.factor().orElseThrow()).isCloseTo(1.230663, within(1e-6));
        assertThat(interval.low()).isCloseTo(1.197216 / 1.230663, within(1e-6));
        assertThat(interval).hasToString("1.20 (0.97 to 1.47)");
        assertThat(interval.side()).isEqualTo(Side.WITHIN_NOISE);
    }

    /** Besides, ln 2 and ln 2.2: squares 0.013968 and 0.004542 over 3 degrees of freedom; t 3.182446. */
    @Test
    void noiseIsThatWithinStrataAlone() {
        RatioInterval interval = RatioInterval.of(List.of(List.of(1.1, 1.2, 1.3), List.of(2.0, 2.2)));

        assertThat(interval.mean()).isCloseTo(1.584708, within(1e-6));
        assertThat(interval.factor().orElseThrow()).isCloseTo(1.120841, within(1e-6));
        assertThat(interval.side()).isEqualTo(Side.ABOVE);
    }

    @Test
    void strataCountAlikeWhateverTheirSize() {
        RatioInterval interval = RatioInterval.of(List.of(List.of(4.0, 4.0, 4.0), List.of(0.25)));

        assertThat(interval.mean()).isCloseTo(1, within(1e-12));
    }

    @Test
    void thingBesideItselfAddsNoNoiseAndNoFreedom() {
        List<Double> noisy = List.of(1.1, 1.2, 1.3);

        RatioInterval alone = RatioInterval.of(List.of(noisy));
        RatioInterval diluted = RatioInterval.of(List.of(noisy, List.of(1.0, 1.0, 1.0)));

        assertThat(diluted.mean()).isCloseTo(Math.sqrt(alone.mean()), within(1e-12));
        assertThat(diluted.factor().orElseThrow())
                .isCloseTo(Math.sqrt(alone.factor().orElseThrow()), within(1e-12));
        assertThat(RatioInterval.of(List.of(List.of(1.0)))).hasToString("1.00 (1.00 to 1.00)");
    }

    @Test
    void reciprocalRatiosGiveTheReciprocalInterval() {
        Random random = new Random(7);
        for (int trial = 0; trial < 50; trial++) {
            List<List<Double>> ratios = strata(random, 1.3, 0.2);

            RatioInterval there = RatioInterval.of(ratios);
            RatioInterval back = RatioInterval.of(ratios.stream()
                    .map(stratum -> stratum.stream().map(ratio -> 1 / ratio).toList())
                    .toList());

            assertThat(back.mean()).isCloseTo(1 / there.mean(), within(1e-9));
            assertThat(back.low()).isCloseTo(1 / there.high(), within(1e-9));
        }
    }

    @Test
    void holdsTheTruthNineteenTimesInTwenty() {
        Random random = new Random(11);
        int trials = 4000;

        long held = IntStream.range(0, trials)
                .mapToObj(trial -> RatioInterval.of(strata(random, 1.3, 0.05)))
                .filter(interval -> interval.low() <= 1.3 && 1.3 <= interval.high())
                .count();

        assertThat(held / (double) trials).isCloseTo(0.95, within(0.01));
    }

    @Test
    void oneRoundHasNoInterval() {
        RatioInterval interval = RatioInterval.of(List.of(List.of(1.5), List.of(1.5)));

        assertThat(interval.factor()).isEmpty();
        assertThat(interval.side()).isEqualTo(Side.UNKNOWN);
        assertThat(interval).hasToString("1.50 (one round)");
    }

    @Test
    void lessThanOneIsBelow() {
        assertThat(RatioInterval.of(List.of(List.of(0.5, 0.51, 0.49))).side()).isEqualTo(Side.BELOW);
    }

    @Test
    void refusesWhatIsNoRatio() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RatioInterval.of(List.of()))
                .withMessageContaining("no strata");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RatioInterval.of(List.of(List.of(1.0, 0.0))))
                .withMessage("ratios [1.0, 0.0] must be at least one, and each above 0 and finite");
        assertThatIllegalArgumentException().isThrownBy(() -> RatioInterval.of(List.of(List.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RatioInterval(Double.NaN, OptionalDouble.empty()))
                .withMessageContaining("mean (NaN)");
    }

    /** Three strata of two to four ratios, whose geometric mean is as given. */
    private static List<List<Double>> strata(Random random, double mean, double noise) {
        return Stream.of(2, 3, 4)
                .map(count -> Stream.generate(() -> mean * Math.exp(noise * random.nextGaussian()))
                        .limit(count)
                        .toList())
                .toList();
    }
}
