package dev.tandem.harness.experiment.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {

    private static final List<Integer> PICTURES =
            IntStream.range(0, 100).boxed().toList();
    private static final long SEED = 7;

    @Test
    void batchesHaveNoPictureByWhichAccuraciesAreDeclared() {
        Set<Integer> declaring = new HashSet<>(Draws.declaring(PICTURES, SEED));

        assertThat(declaring).hasSize(50);
        for (int round = 1; round <= 9; round++) {
            assertThat(Draws.batch(PICTURES, SEED, round, 20)).hasSize(20).doesNotContainAnyElementsOf(declaring);
        }
    }

    @Test
    void batchesOfOnePassHaveNoPictureTwice() {
        List<Integer> pass = new ArrayList<>(Draws.batch(PICTURES, SEED, 1, 20));
        pass.addAll(Draws.batch(PICTURES, SEED, 2, 20));

        assertThat(pass).doesNotHaveDuplicates();
        assertThat(Draws.batch(PICTURES, SEED, 3, 20)).isNotEqualTo(Draws.batch(PICTURES, SEED, 1, 20));
    }

    @Test
    void areTheSameForTheSameSeed() {
        assertThat(Draws.batch(PICTURES, SEED, 2, 20)).isEqualTo(Draws.batch(PICTURES, SEED, 2, 20));
        assertThat(Draws.declaring(PICTURES, SEED)).isNotEqualTo(Draws.declaring(PICTURES, SEED + 1));
    }

    @Test
    void refusesBatchOfMoreThanHalfOfThePictures() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Draws.batch(PICTURES, SEED, 1, 51))
                .withMessageContaining("must be at most half of the pictures (50). Maybe raise --limit.");
    }
}
