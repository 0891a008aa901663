package dev.tandem.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final int MANY = 20_000;

    @Test
    void constantOnesComeAtEqualDistances() {
        Arrivals arrivals = new Arrivals(Arrivals.Pattern.CONSTANT, 4, 1);

        assertThat(arrivals.nextNanos()).isEqualTo(250_000_000);
        assertThat(arrivals.nextNanos()).isEqualTo(500_000_000);
    }

    @Test
    void poissonOnesHaveTheirRateAndSpread() {
        Arrivals arrivals = new Arrivals(Arrivals.Pattern.POISSON, 1000, 7);
        double squares = 0;
        long last = 0;
        for (int request = 0; request < MANY; request++) {
            long next = arrivals.nextNanos();
            assertThat(next).isGreaterThanOrEqualTo(last);
            squares += Math.pow((next - last) / 1e6, 2);
            last = next;
        }

        // Of exponentially distributed times the mean square is twice the square of the mean.
        assertThat(last / 1e6 / MANY).isCloseTo(1, within(0.03));
        assertThat(squares / MANY).isCloseTo(2, Percentage.withPercentage(8));
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new Arrivals(Arrivals.Pattern.CONSTANT, 0, 1)).hasMessageContaining("rate (0.0)");
        assertThatThrownBy(() -> new Arrivals(Arrivals.Pattern.CONSTANT, Double.NaN, 1))
                .hasMessageContaining("rate (NaN)");
    }
}
