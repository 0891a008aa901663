package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuQuotaTest {

    @Test
    void dividesPeriodsOfTenMilliseconds() {
        assertThat(CpuQuota.of(0.6)).isEqualTo(new CpuQuota(6_000, 10_000));
        assertThat(CpuQuota.of(1.5).share()).isEqualTo(1.5);
    }

    @Test
    void makesThePeriodLongerWhereTheQuotaWouldBeBelowAMillisecond() {
        assertThat(CpuQuota.of(0.05)).isEqualTo(new CpuQuota(1_000, 20_000));
    }

    @Test
    void saysFromWhereOnAShareIsAsAsked() {
        assertThat(CpuQuota.of(0.6).shortestHonest(0.1)).isEqualTo(Duration.ofMillis(130));
        assertThat(CpuQuota.of(0.05).shortestHonest(0.1)).isEqualTo(Duration.ofMillis(260));
    }

    @Test
    void rejectsAShareOfNothing() {
        assertThatThrownBy(() -> CpuQuota.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("share (0.0)");
        assertThatThrownBy(() -> CpuQuota.of(0.0005))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("share (5.0E-4) of a CPU must be at least 0.001, the least that the kernel can give.");
    }
}
