package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Native memory over many runs and many sessions. */
class ModelSessionMemoryTest extends ModelSessionCase {

    private static final long FLAT_MEMORY_KIBIBYTES = 8 * 1024;

    @Test
    void keepsNativeMemoryFlatOverTenThousandRuns() throws IOException {
        assumeTrue(ProcessStatus.isReadable(), "needs Linux's /proc");
        try (ModelSession session = ModelSession.open(SmallModels.convRelu(folder), SETTINGS);
                TensorBuffer x = Tensors.filled(List.of(1, 1, 4, 4), 1);
                TensorBuffer y = Tensors.floats(List.of(1, 1, 4, 4))) {
            runOften(session, x, y, 30_000);
            long before = ProcessStatus.residentKibibytes();

            runOften(session, x, y, 10_000);

            assertThat(ProcessStatus.residentKibibytes() - before).isLessThan(FLAT_MEMORY_KIBIBYTES);
        }
    }

    /** Long enough a warm-up lets the compiler, which takes memory too, come to rest. */
    private static void runOften(ModelSession session, TensorBuffer x, TensorBuffer y, int runs) {
        for (int run = 0; run < runs; run++) {
            session.run(Map.of("x", x), Map.of("y", y));
        }
        System.gc();
    }

    @Test
    void returnsNativeMemoryOfClosedSessions() throws IOException {
        assumeTrue(ProcessStatus.isReadable(), "needs Linux's /proc");
        Path model = SmallModels.matrixChain(folder, 8, 1, 512);
        openOften(model);
        long before = ProcessStatus.residentKibibytes();

        openOften(model);

        assertThat(ProcessStatus.residentKibibytes() - before).isLessThan(FLAT_MEMORY_KIBIBYTES);
    }

    /** As often before as while it counts: Java's own memory grows with the first ones. */
    private static void openOften(Path model) {
        for (int round = 0; round < 20; round++) {
            ModelSession.open(model, SETTINGS).close();
        }
        System.gc();
    }
}
