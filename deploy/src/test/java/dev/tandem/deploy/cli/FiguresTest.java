package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void scalesBytesAndCounts() {
        assertThat(Figures.bytes(0)).isEqualTo("0 B");
        assertThat(Figures.bytes(1023)).isEqualTo("1023 B");
        assertThat(Figures.bytes(1536)).isEqualTo("1.50 KiB");
        assertThat(Figures.bytes(25L << 20)).isEqualTo("25.0 MiB");
        assertThat(Figures.count(999)).isEqualTo("999");
        assertThat(Figures.count(4_089_000_000L)).isEqualTo("4.09 G");
    }

    @Test
    void showsThreeDigitsThatCount() {
        assertThat(Figures.millis(0.0123)).isEqualTo("12.3");
        assertThat(Figures.millis(1.5)).isEqualTo("1500");
        assertThat(Figures.millis(0.00042)).isEqualTo("0.420");
        assertThat(Figures.percent(0.734)).isEqualTo("73 %");
        assertThat(Figures.error(0)).isEqualTo("0");
        assertThat(Figures.error(1.23e-7)).isEqualTo("1.2e-07");
    }
}
