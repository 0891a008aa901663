package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @Test
    void readsPowersAndEnergies() {
        assertThat(Quantity.watts("2W")).isEqualTo(2);
        assertThat(Quantity.watts(" 450 mW ")).isEqualTo(0.45);
        assertThat(Quantity.watts("1.5kW")).isEqualTo(1500);
        assertThat(Quantity.watts("7.25")).isEqualTo(7.25);
        assertThat(Quantity.joules("0J")).isZero();
        assertThat(Quantity.joules("800mJ")).isEqualTo(0.8);
        assertThat(Quantity.joules("3kJ")).isEqualTo(3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "W", "-1W", "2J", "2w", "1e3W", "2 W W", "NaN"})
    void refusesWhatIsNoPower(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.watts(text))
                .withMessage("power '" + text + "' must look like 2W or 450mW.");
    }

    @Test
    void refusesWhatIsNoEnergy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.joules("2W"))
                .withMessage("energy '2W' must look like 2J or 450mJ.");
    }

    @Test
    void refusesPowerOfACoreGroupThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PowerSettings(2, 1))
                .withMessage("busy power (1.0 W) must be at least the idle power (2.0 W).");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PowerSettings(-1, 1))
                .withMessage("idle power (-1.0) must be from 0 to 100000.0.");
    }
}
