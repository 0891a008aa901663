package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TriangleFilterTest {

    @Test
    void enlargesBilinearlyBetweenPixelCentres() {
        float[] enlarged = TriangleFilter.resize(new float[] {0, 100}, 2, 1, 4, 1);

        assertThat(enlarged).containsExactly(new float[] {0, 25, 75, 100}, within(1e-4f));
    }

    @Test
    void averagesWhenItReduces() {
        // A checkerboard of single pixels is an even grey from afar; plain bilinear sampling would show a pattern.
        float[] board = new float[64 * 64];
        for (int at = 0; at < board.length; at++) {
            board[at] = (at / 64 + at % 64) % 2 == 0 ? 255 : 0;
        }

        float[] reduced = TriangleFilter.resize(board, 64, 64, 9, 9);

        for (int y = 1; y < 8; y++) {
            for (int x = 1; x < 8; x++) {
                assertThat(reduced[y * 9 + x]).isCloseTo(127.5f, within(4f));
            }
        }
    }

    @Test
    void keepsAnEvenPlaneAndTheMean() {
        float[] even = new float[17 * 23];
        Arrays.fill(even, 42);
        assertThat(TriangleFilter.resize(even, 17, 23, 5, 31)).containsOnly(new float[] {42}, within(1e-4f));

        Random random = new Random(11);
        float[] noise = new float[60 * 60];
        for (int at = 0; at < noise.length; at++) {
            noise[at] = random.nextFloat() * 255;
        }
        assertThat(mean(TriangleFilter.resize(noise, 60, 60, 20, 20))).isCloseTo(mean(noise), within(3.0));
    }

    private static double mean(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample;
        }
        return sum / samples.length;
    }
}
