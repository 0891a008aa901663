package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.TestbedSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmulatedLinksTest {

    private static final Path PROGRAM = Path.of("../deploy");

    @Test
    void hasABedForEachRateWhoseLinksAllHaveIt() {
        assertThat(new EmulatedLinks().beds()).hasSize(3).allSatisfy(file -> {
            TestbedSpec spec = TestbedSpec.read(PROGRAM.resolve(file));
            LinkShape rate = LinkShape.megabits(EmulatedLinks.megabits(spec.name()));

            assertThat(spec.nodes()).hasSize(5).allSatisfy(node -> assertThat(node.link())
                    .isEmpty());
            assertThat(spec.network().rate()).isEqualTo(rate);
            assertThat(spec.network().client()).isEqualTo(rate);
        });
    }

    @Test
    void refusesBedsOfOtherExperiments() {
        assertThatThrownBy(() -> EmulatedLinks.megabits("five-alike"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("emulated-links runs on beds [links-10, links-100, links-1000], not five-alike");
    }
}
