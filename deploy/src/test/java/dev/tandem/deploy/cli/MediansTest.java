package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

    @Test
    void takesTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Medians.of(List.of(3, 1, 9), Integer::doubleValue)).isEqualTo(3);
        assertThat(Medians.of(List.of(4, 1, 9, 3), Integer::doubleValue)).isEqualTo(3.5);
    }
}
