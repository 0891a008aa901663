package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Models that are refused, and files that a session writes. */
class ModelSessionOpeningTest extends ModelSessionCase {

    @Test
    void refusesSymbolicInputShape() throws IOException {
        assertRefused(SmallModels.symbolicBatch(folder), ModelLoadException.Reason.DYNAMIC_SHAPE, "[-1, 4]", "batch");
    }

    @Test
    void refusesFileThatIsNoModel() throws IOException {
        Path file = Files.writeString(folder.resolve("text.onnx"), "this is not a model, however long it may be");

        assertRefused(file, ModelLoadException.Reason.NOT_A_MODEL, "text.onnx", "not ONNX");
    }

    @Test
    void refusesEmptyFile() throws IOException {
        Path file = Files.createFile(folder.resolve("empty.onnx"));

        assertRefused(file, ModelLoadException.Reason.NOT_A_MODEL, "empty.onnx");
    }

    @Test
    void refusesTruncatedFile() throws IOException {
        byte[] whole = Files.readAllBytes(SmallModels.convRelu(folder));
        Path file = Files.write(folder.resolve("half.onnx"), Arrays.copyOf(whole, whole.length / 2));

        assertRefused(file, ModelLoadException.Reason.NOT_A_MODEL, "cut short");
    }

    @Test
    void refusesMissingFile() {
        assertRefused(folder.resolve("absent.onnx"), ModelLoadException.Reason.UNREADABLE, "absent.onnx");
    }

    @Test
    void refusesUnknownOperator() throws IOException {
        assertRefused(SmallModels.unknownOperator(folder), ModelLoadException.Reason.UNKNOWN_OPERATOR, "Frobnicate");
    }

    @Test
    void refusesOpsetFromTheFuture() throws IOException {
        assertRefused(SmallModels.ofOpset(folder, 99), ModelLoadException.Reason.UNSUPPORTED_VERSION, "99", "opset");
    }

    @Test
    void refusesStrings() throws IOException {
        assertRefused(SmallModels.strings(folder), ModelLoadException.Reason.UNSUPPORTED_TENSOR, "STRING", "'x'");
    }

    @Test
    void refusesMissingAndTruncatedExternalData() throws IOException {
        Path model = SmallModels.matrixChain(folder, 2, 1, 64);
        Path weights = folder.resolve("weights.bin");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 64 * 64 * 4 + 100));

        assertRefused(model, ModelLoadException.Reason.EXTERNAL_DATA, "weight");
        Files.delete(weights);
        assertRefused(model, ModelLoadException.Reason.EXTERNAL_DATA, "weight");
    }

    private static void assertRefused(Path model, ModelLoadException.Reason reason, String... inMessage) {
        assertThatThrownBy(() -> ModelSession.open(model, SETTINGS).close())
                .isInstanceOfSatisfying(ModelLoadException.class, refusal -> assertThat(refusal.reason())
                        .as(refusal.getMessage())
                        .isEqualTo(reason))
                .hasMessageContainingAll(inMessage);
    }

    @Test
    void writesProfileAndOptimizedModel() throws IOException {
        Path optimized = folder.resolve("optimized.onnx");
        SessionSettings settings = SETTINGS.withProfileOutput(folder.resolve("profile"))
                .withOptimization(SessionSettings.OptimizationLevel.BASIC)
                .withSaveOptimizedTo(optimized);
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), settings);
                TensorBuffer x = Tensors.floats(List.of(1, 1, 4, 4));
                TensorBuffer y = Tensors.floats(List.of(1, 1, 4, 4))) {
            session.run(Map.of("x", x), Map.of("y", y));
            Path profile = session.endProfiling();

            assertThat(profile).hasParent(folder).content().contains("Conv");
        }
        try (ModelSession reopened = ModelSession.open(optimized, SETTINGS)) {
            assertThat(reopened.inputs()).extracting(TensorSpec::name).containsExactly("x");
        }
    }

    @Test
    void refusesToEndProfilingThatWasNotBegun() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS)) {
            assertThatThrownBy(session::endProfiling)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not profile");
        }
    }

    @Test
    void leavesNoFileOfItsOwnBesideTheModel() throws IOException {
        Path model = SmallModels.convRelu(folder);
        ModelSession.open(model, SETTINGS).close();

        try (var files = Files.list(folder)) {
            assertThat(Set.copyOf(files.toList())).containsExactly(model);
        }
    }
}
