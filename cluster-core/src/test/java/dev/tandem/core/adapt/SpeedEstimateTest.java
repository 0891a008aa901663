package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeedEstimateTest {

    private static final long WINDOW = Duration.ofMillis(500).toNanos();
    private static final double WORKING = 1;
    private static final double RESTING = 0.3;

    private final SpeedEstimate estimate = new SpeedEstimate();
    private long now = 7;

    @Test
    void knowsNothingBeforeThreeWindows() {
        hear(2, 1, WORKING);
        assertThat(estimate.speed()).isEmpty();
        assertThat(estimate.best()).isEmpty();

        hear(1, 1, WORKING);
        assertThat(estimate.speed()).hasValue(1);
        assertThat(estimate.best()).hasValue(1);
    }

    @Test
    void knowsAStepAfterThreeWindows() {
        hear(10, 1, WORKING);

        hear(2, 0.5, WORKING);
        assertThat(estimate.speed()).hasValue(1);
        hear(1, 0.5, WORKING);
        assertThat(estimate.speed()).hasValue(0.5);

        hear(3, 1, WORKING);
        assertThat(estimate.speed()).hasValue(1);
        assertThat(estimate.best()).hasValue(1);
    }

    @Test
    void takesNothingBetweenForAStepAmongItsFirstWindows() {
        hear(2, 1, WORKING);

        hear(1, 0.5, WORKING);
        assertThat(estimate.speed()).hasValue(1);
        hear(1, 0.5, WORKING);
        assertThat(estimate.speed()).hasValue(0.5);
    }

    @Test
    void followsNeitherOutliersNorNoise() {
        Random random = new Random(1);
        hear(5, 1, WORKING);
        for (int window = 0; window < 1000; window++) {
            hear(1, window % 7 == 0 ? 0.1 : 0.95 + 0.1 * random.nextDouble(), WORKING);

            assertThat(speed()).isEqualTo(1, within(0.05));
        }
    }

    @Test
    void staysWithinNoiseOfATenth() {
        Random random = new Random(2);
        hear(5, 1, WORKING);
        for (int window = 0; window < 1200; window++) {
            hear(1, 0.9 + 0.2 * random.nextDouble(), 0.05 + random.nextDouble());

            assertThat(speed()).isEqualTo(1, within(0.1));
        }
    }

    @Test
    void firstSpeedBetweenRestsIsNoMoreThanMeasured() {
        hear(3, 1.6, RESTING);

        assertThat(speed()).isEqualTo(1);
    }

    @Test
    void believesMoreSpeedBetweenRestsAfterAWhile() {
        hear(5, 0.9, WORKING);
        hear(3, 0.45, RESTING);
        assertThat(speed()).isEqualTo(0.45, within(1e-9));

        hear(5, 1.2, RESTING);
        assertThat(speed()).isEqualTo(0.45, within(1e-9));
        hear(2, 1.2, RESTING);
        assertThat(speed())
                .as("no more than it was measured with, or has shown")
                .isEqualTo(1, within(1e-9));
    }

    @Test
    void waitsTwiceAsLongAfterEachFailedTrial() {
        hear(5, 1, WORKING);
        double[] waits = new double[4];
        for (int trial = 0; trial < waits.length; trial++) {
            hear(3, 0.5, WORKING);
            long slow = now;
            while (speed() < 1) {
                hear(1, 1, RESTING);
            }
            waits[trial] = (now - slow) / 1e9;
        }

        assertThat(waits).containsExactly(3, 6, 12, 24);
    }

    @Test
    void startsAnewAfterATrialThatHeld() {
        hear(5, 1, WORKING);
        for (int trial = 0; trial < 3; trial++) {
            hear(3, 0.5, WORKING);
            hear(60, 1, RESTING);
        }
        hear(60, 1, WORKING);

        hear(3, 0.5, WORKING);
        hear(7, 1, RESTING);

        assertThat(speed()).isEqualTo(1);
    }

    @Test
    void takesAnIdleCoreGroupForAsFastAsItWasAfterAWhile() {
        hear(5, 0.8, WORKING);
        hear(3, 0.4, WORKING);

        now += Duration.ofSeconds(14).toNanos();
        assertThat(speed()).isEqualTo(0.4, within(1e-9));
        now += Duration.ofSeconds(1).toNanos();
        assertThat(speed()).isEqualTo(0.8, within(1e-9));

        hear(3, 0.4, WORKING);
        assertThat(speed()).isEqualTo(0.4, within(1e-9));
        now += Duration.ofSeconds(29).toNanos();
        assertThat(speed()).isEqualTo(0.4, within(1e-9));
        now += Duration.ofSeconds(1).toNanos();
        assertThat(speed()).isEqualTo(0.8, within(1e-9));
    }

    @Test
    void aSlowCoreGroupThatBecomesSlowerHasNotBeenGivenAnotherChance() {
        hear(5, 1, WORKING);
        hear(3, 0.5, WORKING);
        hear(7, 1, RESTING);
        assertThat(speed()).as("a trial").isEqualTo(1);
        hear(3, 0.7, WORKING);
        hear(3, 0.5, WORKING);

        hear(7, 1, RESTING);
        assertThat(speed()).as("3.5 s after it").isEqualTo(0.5);
        hear(5, 1, RESTING);
        assertThat(speed()).as("6 s after it").isEqualTo(1);
    }

    @Test
    void aBadStartIsForgotten() {
        hear(3, 0.4, RESTING);
        assertThat(speed()).isEqualTo(0.4, within(1e-9));

        hear(8, 1.5, RESTING);

        assertThat(speed()).as("as measured").isEqualTo(1);
    }

    @Test
    void oneThatWasNeverSeenToWorkMayBeAsFastAsOthers() {
        hear(3, 0.4, RESTING);

        now += Duration.ofSeconds(16).toNanos();

        assertThat(speed()).isEqualTo(1);
    }

    @Test
    void longCallsAreNoRest() {
        for (int call = 0; call < 5; call++) {
            hearLong(1);
        }
        for (int call = 0; call < 3; call++) {
            hearLong(0.4);
        }
        now += Duration.ofSeconds(16).toNanos();

        assertThat(speed()).as("within three times the last window").isEqualTo(0.4, within(1e-9));
    }

    /** One of 6 s. */
    private void hearLong(double speed) {
        now += Duration.ofSeconds(6).toNanos();
        estimate.add(new SpeedSample(speed * 6, 6, 6), now);
    }

    private double speed() {
        estimate.tryIdle(1, now);
        return estimate.speed().orElseThrow();
    }

    private void hear(int windows, double speed, double busy) {
        for (int window = 0; window < windows; window++) {
            now += WINDOW;
            double measured = busy * 0.5;
            estimate.add(new SpeedSample(speed * measured, measured, 0.5), now);
        }
    }
}
