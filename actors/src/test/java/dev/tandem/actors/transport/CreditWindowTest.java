package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CreditWindowTest {

    @Test
    void refusesWhenAllCreditIsTaken() {
        CreditWindow window = new CreditWindow(2);

        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
        assertThat(window.inFlight()).isEqualTo(2);
    }

    @Test
    void grantsAgainWhatWasGivenBack() {
        CreditWindow window = new CreditWindow(1);
        window.tryTake();

        window.give(1);

        assertThat(window.available()).isEqualTo(1);
        assertThat(window.tryTake()).isTrue();
    }

    @Test
    void rejectsMoreCreditThanWasTaken() {
        CreditWindow window = new CreditWindow(4);
        window.tryTake();

        assertThatThrownBy(() -> window.give(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("(2)")
                .hasMessageContaining("(1)");
        assertThatThrownBy(() -> window.give(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rejectsWindowWithoutCredit() {
        assertThatThrownBy(() -> new CreditWindow(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
