package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsLoader;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.ExecutionProvider;
import dev.tandem.inference.runtime.ProviderChoice;
import dev.tandem.inference.runtime.Providers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Core groups of members on this machine, whose ONNX Runtime has no CUDA unless it is built with the profile gpu. */
class OfferedGroupsTest {

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "tensorrt", "coreml", "xnnpack", "qnn"})
    void refusesAProviderThatIsNotThere(String provider) {
        assumeMissing(ExecutionProvider.valueOf(provider.toUpperCase(Locale.ROOT)));

        assertThatThrownBy(() -> groups("[ { name = fast, cpus = [0], provider = " + provider + " } ]"))
                .isInstanceOf(MemberStartException.class)
                .hasMessageStartingWith(
                        "core group fast cannot compute with provider " + provider + ": this build of ONNX Runtime (")
                .hasMessageContaining(" has no " + provider + ", only cpu. Maybe ")
                .hasMessageEndingWith(" Or have the group compute on CPUs with on-missing = cpu.");
    }

    @Test
    void refusesAsAWholeWhenOneGroupCannotCompute() {
        assumeMissing(ExecutionProvider.CUDA);

        assertThatThrownBy(() -> groups("[ { name = cpu, cpus = [0] }, { name = gpu0, provider = cuda } ]"))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("core group gpu0")
                .hasMessageContaining("mvn -Pgpu");
    }

    @Test
    void computesOnCpusInsteadWhereSettingsSaySo() {
        assumeMissing(ExecutionProvider.CUDA);

        List<OfferedGroup> groups = groups(
                """
                [ { name = cpu, cpus = [0] },
                  { name = gpu0, provider = cuda, provider-options { device-id = 0 }, on-missing = cpu } ]
                """);

        assertThat(groups).first().extracting(OfferedGroup::problem).isEqualTo("");
        assertThat(groups).last().satisfies(group -> {
            assertThat(group.spec().provider()).isEqualTo(ProviderChoice.CPU);
            assertThat(group.problem()).startsWith("cuda {device_id=0} does not work: this build of ONNX Runtime (");
        });
    }

    /** Its thread only feeds what computes. */
    @Test
    void pinsNothingOfAGroupWithoutCpus() {
        assumeMissing(ExecutionProvider.CUDA);

        CoreGroupSpec group = groups("[ { name = gpu0, provider = cuda, on-missing = cpu } ]")
                .get(0)
                .spec();

        assertThat(group.pin()).isFalse();
        assertThat(group.cpus()).isEmpty();
        assertThat(group.threads()).isEqualTo(1);
    }

    @Test
    void findsCpusAloneWhereThereIsNoGpu() {
        assumeMissing(ExecutionProvider.CUDA);

        assertThat(groups("auto")).isNotEmpty().allSatisfy(group -> {
            assertThat(group.spec().provider()).isEqualTo(ProviderChoice.CPU);
            assertThat(group.problem()).isEmpty();
        });
    }

    private static void assumeMissing(ExecutionProvider provider) {
        assumeFalse(Providers.builtIn().contains(provider), "this ONNX Runtime has " + provider.word());
    }

    private static List<OfferedGroup> groups(String coreGroups) {
        return OfferedGroups.of(SettingsLoader.load(
                        Optional.empty(), ConfigFactory.parseString("tandem.node.core-groups = " + coreGroups))
                .settings());
    }
}
