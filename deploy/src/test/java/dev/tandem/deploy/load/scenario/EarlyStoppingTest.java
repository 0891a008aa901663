package dev.tandem.deploy.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStoppingTest {

    /** MLPerf's load generator asks for the same 64 and 662 queries before it estimates the 90th and 99th percentile. */
    @ParameterizedTest
    @CsvSource({"50, 11", "90, 64", "95, 130", "97, 219", "99, 662", "99.9, 6636"})
    void asksForAsManyQueriesAsMlperf(double percentile, int queries) {
        assertThat(EarlyStopping.of(percentile).fewestQueries()).isEqualTo(queries);
    }

    @ParameterizedTest
    @CsvSource({
        "90, 43, -1", "90, 44, 0", "90, 63, 0", "90, 64, 1", "90, 1000, 78", "90, 24576, 2348",
        "95, 57344, 2745", "99, 458, -1", "99, 459, 0", "99, 662, 1", "99, 100000, 927", "99, 270336, 2583"
    })
    void allowsFewerOverTheBoundThanThePercentileWould(double percentile, int queries, int over) {
        assertThat(EarlyStopping.of(percentile).mostOver(queries)).isEqualTo(over);
    }

    @ParameterizedTest
    @CsvSource({"90, 20", "90, 120", "70, 60", "99, 700", "30, 40"})
    void agreesWithTheBinomialDistributionInExactArithmetic(double percentile, int queries) {
        int over = EarlyStopping.of(percentile).mostOver(queries);

        assertThat(atMost(over, queries, percentile)).isLessThanOrEqualTo(0.01);
        assertThat(atMost(over + 1, queries, percentile)).isGreaterThan(0.01);
    }

    @ParameterizedTest
    @CsvSource({"99, 0, 459", "99, 1, 662", "90, 0, 44", "90, 1, 64", "90, 78, 1000", "99, 2, 838", "99, 927, 99997"})
    void saysHowManyQueriesWouldDo(double percentile, int over, int queries) {
        EarlyStopping early = EarlyStopping.of(percentile);

        assertThat(early.mostOver(queries)).isEqualTo(over);
        assertThat(early.mostOver(queries - 1)).isEqualTo(over - 1);
        assertThat(early.queriesFor(over)).isEqualTo(queries);
    }

    @Test
    void asksForLessWithLessConfidence() {
        assertThat(new EarlyStopping(99, 0.9).fewestQueries()).isLessThan(662);
    }

    @Test
    void refusesWhatIsNoPercentileOrConfidence() {
        assertThatThrownBy(() -> EarlyStopping.of(100)).hasMessageContaining("percentile (100.0) must be above 0");
        assertThatThrownBy(() -> EarlyStopping.of(Double.NaN)).hasMessageContaining("percentile (NaN)");
        assertThatThrownBy(() -> new EarlyStopping(90, 1)).hasMessageContaining("confidence (1.0) must be above 0");
    }

    private static double atMost(int over, int queries, double percentile) {
        BigDecimal share = BigDecimal.valueOf(percentile).movePointLeft(2);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal ways = BigDecimal.ONE;
        for (int count = 0; count <= over; count++) {
            sum = sum.add(
                    ways.multiply(BigDecimal.ONE.subtract(share).pow(count)).multiply(share.pow(queries - count)));
            ways = ways.multiply(BigDecimal.valueOf(queries - count))
                    .divide(BigDecimal.valueOf(count + 1L), MathContext.UNLIMITED);
        }
        return sum.doubleValue();
    }
}
