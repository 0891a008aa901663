package dev.tandem.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PowerTest {

    @Test
    void isWhatComputingAddsToIdling() {
        assertThat(new Power(1.5, 6).activeWatts()).isEqualTo(4.5);
        assertThat(new Power(0, 0).activeWatts()).isZero();
    }

    @Test
    void refusesPowerThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Power(6, 2))
                .withMessage("idle power (6.0 W) must be at least 0 and busy power (2.0 W) finite and not below it."
                        + " Maybe they are swapped.");
        assertThatIllegalArgumentException().isThrownBy(() -> new Power(-1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new Power(Double.NaN, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new Power(1, Double.POSITIVE_INFINITY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodePower(-1, 0, 0))
                .withMessage("idle power (-1.0 W) must be finite and at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodePower(0, Double.NaN, 0))
                .withMessageContaining("send power");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodePower(0, 0, Double.POSITIVE_INFINITY))
                .withMessageContaining("receive power");
    }

    @Test
    void isKnownOfANodeWhenItIsOfAllItsCoreGroups() {
        Node known = node("known", group("known", Optional.of(new Power(1, 2))));
        Node half = node("half", group("half", Optional.of(new Power(1, 2))), group("half", Optional.empty()));

        assertThat(known.hasPower()).isTrue();
        assertThat(known.power()).isEqualTo(NodePower.NONE);
        assertThat(new Topology(List.of(known, half), List.of()).nodesWithoutPower())
                .containsExactly("half");
    }

    private static Node node(String id, CoreGroup... groups) {
        return new Node(id, 1, List.of(groups));
    }

    private static CoreGroup group(String node, Optional<Power> power) {
        return new CoreGroup(new CoreGroupId(node, "cpu"), CoreGroup.Kind.CPU, List.of(), 1, 1e9, power);
    }
}
