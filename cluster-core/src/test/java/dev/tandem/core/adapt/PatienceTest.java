package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Patience patience = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(35));

    @Test
    void waitsTwiceAsLongEachTimeThatItWasInVain() {
        assertThat(patience.mayTry(at(0))).isTrue();
        patience.wasInVain();
        assertThat(patience.mayTry(at(19))).isFalse();
        assertThat(patience.mayTry(at(20))).isTrue();
        patience.wasInVain();
        assertThat(patience.mayTry(at(54))).isFalse();
        assertThat(patience.mayTry(at(55))).as("35 s at the most").isTrue();
        patience.wasInVain();
        assertThat(patience.mayTry(at(90))).isTrue();
    }

    @Test
    void startsAnewWhenItWasOfUse() {
        patience.mayTry(at(0));
        patience.wasInVain();
        patience.mayTry(at(20));
        patience.wasOfUse();

        assertThat(patience.mayTry(at(29))).isFalse();
        assertThat(patience.mayTry(at(30))).isTrue();
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
