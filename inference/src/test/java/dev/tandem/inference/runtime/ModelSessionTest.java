package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs, and what they refuse. */
class ModelSessionTest extends ModelSessionCase {

    @Test
    void computesConvolutionIntoGivenBuffer() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
                TensorBuffer x = Tensors.filled(List.of(1, 1, 4, 4), 1);
                TensorBuffer y = Tensors.floats(List.of(1, 1, 4, 4))) {
            session.run(Map.of("x", x), Map.of("y", y));

            assertThat(Tensors.values(y)).containsExactly(4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4);
        }
    }

    @Test
    void namesInputsAndOutputsInModelOrder() throws IOException {
        try (ModelSession session = open(DataType.FLOAT, 2, 3)) {
            assertThat(session.inputs())
                    .containsExactly(
                            new TensorSpec("b", ElementType.FLOAT, List.of(2, 3)),
                            new TensorSpec("a", ElementType.FLOAT, List.of(2, 3)));
            assertThat(session.outputs()).extracting(TensorSpec::name).containsExactly("sum", "product");
        }
    }

    @Test
    void allocatesOutputsWhenNoneAreGiven() throws IOException {
        try (ModelSession session = open(DataType.FLOAT, 2);
                TensorBuffer a = Tensors.floats(List.of(2), 1, 2);
                TensorBuffer b = Tensors.floats(List.of(2), 10, 20)) {
            Map<String, TensorBuffer> outputs = session.run(Map.of("a", a, "b", b));

            assertThat(Tensors.values(output(outputs, "sum"))).containsExactly(11, 22);
            assertThat(Tensors.values(output(outputs, "product"))).containsExactly(10, 40);
            outputs.values().forEach(TensorBuffer::close);
        }
    }

    @Test
    void computesOnlyTheOutputsThatAreGiven() throws IOException {
        try (ModelSession session = open(DataType.FLOAT, 2);
                TensorBuffer a = Tensors.floats(List.of(2), 1, 2);
                TensorBuffer product = Tensors.floats(List.of(2))) {
            session.run(Map.of("a", a, "b", a), Map.of("product", product));

            assertThat(Tensors.values(product)).containsExactly(1, 4);
        }
    }

    @Test
    void reusesBuffersOverAThousandRuns() throws IOException {
        try (ModelSession session = open(DataType.FLOAT, 2);
                TensorBuffer a = Tensors.floats(List.of(2), 1, 2);
                TensorBuffer b = Tensors.floats(List.of(2), 1, 1);
                TensorBuffer sum = Tensors.floats(List.of(2))) {
            for (int run = 0; run < 1_000; run++) {
                a.buffer().asFloatBuffer().put(run).put(-run);

                session.run(Map.of("a", a, "b", b), Map.of("sum", sum));

                assertThat(Tensors.values(sum)).containsExactly(run + 1, 1 - run);
            }
        }
    }

    @Test
    void runsScalarsAndTensorsWithoutElements() throws IOException {
        try (ModelSession session = open(DataType.FLOAT);
                TensorBuffer a = Tensors.floats(List.of(), 3);
                TensorBuffer sum = Tensors.floats(List.of())) {
            session.run(Map.of("a", a, "b", a), Map.of("sum", sum));

            assertThat(Tensors.values(sum)).containsExactly(6);
        }
        try (ModelSession session = open(DataType.FLOAT, 0, 3);
                TensorBuffer a = Tensors.floats(List.of(0, 3));
                TensorBuffer sum = Tensors.floats(List.of(0, 3))) {
            session.run(Map.of("a", a, "b", a), Map.of("sum", sum));
            Map<String, TensorBuffer> outputs = session.run(Map.of("a", a, "b", a));

            assertThat(Tensors.values(sum)).isEmpty();
            assertThat(output(outputs, "product").spec().shape()).containsExactly(0, 3);
            outputs.values().forEach(TensorBuffer::close);
        }
    }

    @Test
    void runsIntegersOfModelType() throws IOException {
        TensorSpec spec = new TensorSpec("x", ElementType.INT64, List.of(2));
        try (ModelSession session = open(DataType.INT64, 2);
                TensorBuffer a = TensorBuffer.allocate(spec);
                TensorBuffer sum = TensorBuffer.allocate(spec)) {
            a.buffer().asLongBuffer().put(1L << 40).put(-1);

            session.run(Map.of("a", a, "b", a), Map.of("sum", sum));

            assertThat(sum.buffer().getLong(0)).isEqualTo(1L << 41);
            assertThat(sum.buffer().getLong(8)).isEqualTo(-2);
        }
    }

    @Test
    void givesOutputsWhoseShapeDependsOnValues() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.nonZero(folder, 4), SETTINGS);
                TensorBuffer x = Tensors.floats(List.of(4), 0, 5, 0, 7)) {
            TensorBuffer indices = output(session.run(Map.of("x", x)), "indices");

            assertThat(indices.spec()).isEqualTo(new TensorSpec("indices", ElementType.INT64, List.of(1, 2)));
            assertThat(indices.buffer().getLong(8)).isEqualTo(3);
            indices.close();
            assertThatThrownBy(session::outputs)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("indices")
                    .hasMessageContaining("known only after a run");
        }
    }

    @Test
    void refusesInputOfWrongName() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
                TensorBuffer x = Tensors.floats(List.of(1, 1, 4, 4))) {
            assertThatThrownBy(() -> session.run(Map.of("image", x)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("input 'image' must be one of the model's: [x].");
        }
    }

    @Test
    void refusesMissingInput() throws IOException {
        try (ModelSession session = open(DataType.FLOAT, 2);
                TensorBuffer a = Tensors.floats(List.of(2))) {
            assertThatThrownBy(() -> session.run(Map.of("a", a)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("inputs [a] must hold 'b'; the model takes [b, a].");
        }
    }

    @Test
    void refusesInputOfWrongType() throws IOException {
        try (ModelSession session = open(DataType.DOUBLE, 2);
                TensorBuffer a = Tensors.floats(List.of(2))) {
            assertThatThrownBy(() -> session.run(Map.of("a", a)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("type (FLOAT) of input 'a' must be DOUBLE.");
        }
    }

    @Test
    void refusesInputAndOutputOfWrongShape() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
                TensorBuffer right = Tensors.floats(List.of(1, 1, 4, 4));
                TensorBuffer wrong = Tensors.floats(List.of(1, 4, 4))) {
            assertThatThrownBy(() -> session.run(Map.of("x", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("shape [1, 4, 4] of input 'x' must be [1, 1, 4, 4].");
            assertThatThrownBy(() -> session.run(Map.of("x", right), Map.of("y", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("shape [1, 4, 4] of output 'y' must be [1, 1, 4, 4].");
        }
    }

    @Test
    void refusesUseAfterClose() throws IOException {
        ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
        try (TensorBuffer x = Tensors.floats(List.of(1, 1, 4, 4))) {
            session.close();
            session.close();

            assertThatThrownBy(() -> session.run(Map.of("x", x)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void refusesClosedBuffer() throws IOException {
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
                TensorBuffer y = Tensors.floats(List.of(1, 1, 4, 4))) {
            TensorBuffer x = Tensors.floats(List.of(1, 1, 4, 4));
            x.close();

            assertThatThrownBy(() -> session.run(Map.of("x", x), Map.of("y", y)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tensor 'tensor' is closed");
        }
    }

    @Test
    void closeWaitsForRunsInProgressAndLaterOnesAreRefused() throws Exception {
        ModelSession session = ModelSession.open(SmallModels.matrixChain(folder, 8, 32, 256), SETTINGS);
        CountDownLatch started = new CountDownLatch(2);
        List<CompletableFuture<Void>> runners =
                List.of(runUntilClosed(session, started), runUntilClosed(session, started));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

        session.close();

        for (CompletableFuture<Void> runner : runners) {
            assertThat(runner)
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    private static CompletableFuture<Void> runUntilClosed(ModelSession session, CountDownLatch started) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread runner = new Thread(() -> {
            try (TensorBuffer x = Tensors.filled(List.of(32, 256), 1);
                    TensorBuffer y = Tensors.floats(List.of(32, 256))) {
                while (true) {
                    session.run(Map.of("x0", x), Map.of("x8", y));
                    started.countDown();
                }
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        runner.setDaemon(true);
        runner.start();
        return ended;
    }

    private static TensorBuffer output(Map<String, TensorBuffer> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), name);
    }

    private ModelSession open(DataType type, int... shape) throws IOException {
        return ModelSession.open(SmallModels.sumAndProduct(folder, type, shape), SETTINGS);
    }
}
