package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "kitten, sitting, 3", "level, levle, 1", "abc, abc, 0", "ab, ba, 1"})
    void countsEdits(String a, String b, int edits) {
        assertThat(NearestName.distance(a, b)).isEqualTo(edits);
        assertThat(NearestName.distance(b, a)).isEqualTo(edits);
    }

    @Test
    void ignoresCaseAndSeparators() {
        assertThat(NearestName.of("maxInFlight", List.of("max-nodes", "max-in-flight")))
                .contains("max-in-flight");
    }

    @Test
    void findsNothingWhereNothingIsNear() {
        assertThat(NearestName.of("colour", List.of("level", "name"))).isEmpty();
    }
}
