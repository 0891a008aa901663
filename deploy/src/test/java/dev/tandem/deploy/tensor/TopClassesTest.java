package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.deploy.tensor.TopClasses.ClassScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopClassesTest {

    @Test
    void ordersByScoreAndMakesProbabilitiesOfLogits() {
        List<ClassScore> top = TopClasses.of(scores(1, 3, 2, 3), Labels.NONE, 3);

        assertThat(top).extracting(ClassScore::index).containsExactly(1, 3, 2);
        assertThat(top.get(0).probability()).isCloseTo(0.3995, within(1e-3));
        assertThat(top.get(0).label()).isEqualTo("class 1");
    }

    @Test
    void keepsProbabilitiesAsTheyAre() {
        assertThat(TopClasses.of(scores(0.25f, 0.75f), Labels.NONE, 1).get(0).probability())
                .isEqualTo(0.75);
    }

    @Test
    void putsNotANumberLast() {
        assertThat(TopClasses.of(scores(Float.NaN, -5, 1), Labels.NONE, 3))
                .extracting(ClassScore::index)
                .containsExactly(2, 1, 0);
    }

    @Test
    void tellsScoresFromFeatureMaps() {
        assertThat(TopClasses.looksLikeScores(TensorValue.ofFloats("y", List.of(1, 3, 1, 1), 1, 2, 3)))
                .isTrue();
        assertThat(TopClasses.looksLikeScores(TensorValue.ofFloats("y", List.of(2, 2), 1, 2, 3, 4)))
                .isFalse();
        assertThat(TopClasses.looksLikeScores(TensorValue.ofFloats("y", List.of(1, 1), 1)))
                .isFalse();
    }

    @Test
    void namesClassesFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("labels.txt"), "cat\ndog\n");
        Labels labels = Labels.read(file, 1);

        assertThat(labels.of(0)).isEqualTo("class 0");
        assertThat(labels.of(1)).isEqualTo("cat");
        assertThat(labels.of(2)).isEqualTo("dog");
        assertThat(labels.of(3)).isEqualTo("class 3");
        assertThatThrownBy(() -> Labels.read(folder.resolve("none"), 0)).isInstanceOf(TensorFileException.class);
    }

    private static TensorValue scores(float... elements) {
        return TensorValue.ofFloats("y", List.of(1, elements.length), elements);
    }
}
