package dev.tandem.deploy.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class InkTest {

    @Test
    void givesStagesThatFollowEachOtherOtherLightness() {
        for (int stage = 0; stage < 2 * Ink.STAGES.size(); stage++) {
            double step = Ink.lightness(Ink.stage(stage)) - Ink.lightness(Ink.stage(stage + 1));

            assertThat(Math.abs(step)).as("stage %d", stage).isGreaterThan(50);
        }
        assertThat(Ink.STAGES).doesNotHaveDuplicates();
    }

    @Test
    void writesSoThatItCanBeRead() {
        for (Color color : Ink.STAGES) {
            assertThat(Math.abs(Ink.lightness(color) - Ink.lightness(Ink.on(color))))
                    .as("%s", color)
                    .isGreaterThan(100);
        }
    }
}
