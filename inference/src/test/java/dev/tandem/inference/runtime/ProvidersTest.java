package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.inference.runtime.ModelLoadException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Providers of the ONNX Runtime that the tests have: those it lacks are really missing. */
class ProvidersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void knowsThatOfCpusAndFindsThatItWorks() {
        assertThat(Providers.builtIn()).startsWith(ExecutionProvider.CPU);
        assertThat(Providers.problem(ProviderChoice.CPU)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyAProviderDoesNotWorkAndWhatToDo(ExecutionProvider provider) {
        assumeFalse(Providers.builtIn().contains(provider), "this ONNX Runtime has " + provider.word());

        assertThat(Providers.problem(choice(provider))).hasValueSatisfying(problem -> {
            assertThat(problem.reason())
                    .startsWith("this build of ONNX Runtime (onnxruntime ")
                    .contains(OnnxRuntime.version(), "has no " + provider.word() + ", only cpu")
                    .doesNotEndWith(".");
            assertThat(problem.hint()).startsWith("Maybe ").endsWith(".");
        });
    }

    @Test
    void saysHowToBuildForGpus() {
        assumeFalse(Providers.builtIn().contains(ExecutionProvider.CUDA), "this ONNX Runtime has CUDA");

        assertThat(Providers.problem(choice(ExecutionProvider.CUDA)))
                .hasValueSatisfying(problem -> assertThat(problem.hint()).contains("mvn -Pgpu"));
    }

    @ParameterizedTest
    @EnumSource
    void opensNothingWithAProviderThatIsNotThere(ExecutionProvider provider) throws IOException {
        assumeFalse(Providers.builtIn().contains(provider), "this ONNX Runtime has " + provider.word());
        Path model = SmallModels.sumAndProduct(folder, DataType.FLOAT, 1);
        SessionSettings settings = SessionSettings.defaults().withProvider(choice(provider));

        assertThatThrownBy(() -> ModelSession.open(model, settings))
                .isInstanceOf(ProviderException.class)
                .hasMessageStartingWith("execution provider " + provider.word() + " cannot be used: ");
    }

    @Test
    void keepsWhatTheRuntimeSaidOfAProviderThatCannotBeLoaded() {
        assumeFalse(Providers.builtIn().contains(ExecutionProvider.CUDA), "this ONNX Runtime has CUDA");

        assertThat(Providers.failure(ProviderChoice.cuda(0))).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("execution provider cuda {device_id=0} cannot be used: ")
                .containsIgnoringCase("CUDA")
                .doesNotContain("\n"));
    }

    @Test
    void findsNoGpuWithTheArtifactForCpus() {
        assumeFalse(NativeLibrary.mayHaveGpu(), "this is ONNX Runtime's artifact for GPUs");

        assertThat(Providers.gpus()).isEmpty();
        assertThat(OnnxRuntime.build()).isEqualTo("onnxruntime " + OnnxRuntime.version());
    }

    @Test
    void computesWithXnnpack() throws IOException {
        assumeTrue(Providers.builtIn().contains(ExecutionProvider.XNNPACK), "this ONNX Runtime has no XNNPACK");
        assertThat(Providers.problem(choice(ExecutionProvider.XNNPACK))).isEmpty();
        SessionSettings settings = SessionSettings.defaults().withProvider(choice(ExecutionProvider.XNNPACK));

        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), settings);
                TensorBuffer x = Tensors.filled(List.of(1, 1, 4, 4), 1);
                TensorBuffer y = Tensors.floats(List.of(1, 1, 4, 4))) {
            session.run(Map.of("x", x), Map.of("y", y));

            assertThat(Tensors.values(y)).containsExactly(4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4);
        }
    }

    @Test
    void tellsCpusFromWhatStandsBesideThem() {
        assertThat(List.of(ExecutionProvider.values()))
                .filteredOn(provider -> provider.kind() == CoreGroup.Kind.CPU)
                .containsExactly(ExecutionProvider.CPU, ExecutionProvider.XNNPACK);
    }

    @Test
    void namesTheProviderThatRefusesAModel() {
        OrtException said = new OrtException("no kernel image");

        ModelLoadException refused = ModelLoadException.of(Path.of("m.onnx"), ProviderChoice.cuda(1), said);

        assertThat(refused.reason()).isEqualTo(Reason.PROVIDER);
        assertThat(refused)
                .hasMessageContaining("with cuda {device_id=1}: ")
                .hasMessageContaining("no kernel image")
                .hasMessageContaining("provider = cpu");
        assertThat(ModelLoadException.of(Path.of("m.onnx"), ProviderChoice.CPU, said)
                        .reason())
                .isEqualTo(Reason.INVALID);
    }

    private static ProviderChoice choice(ExecutionProvider provider) {
        return new ProviderChoice(provider, Map.of());
    }
}
