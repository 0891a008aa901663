package dev.tandem.harness.experiment.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.harness.experiment.emulated.LineLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPageTest {

    private static final long MIB = 1 << 20;
    private static final NodeMemory KEPT = new NodeMemory("small-1", 256 * MIB, 256 * MIB, 90 * MIB, 0, 0);

    @Test
    void saysWhatEachNodeHeldAndWhyFewerAreRefused() {
        String page = MemoryPage.page("tandem experiment", List.of(round(KEPT, "64 MiB are missing")));

        assertThat(page)
                .contains("vgg-16, 528 MiB of weights, on 1 nodes of at most 256 MiB: 10 answers in 1 rounds")
                .contains("It passes.")
                .contains("| small-1 | 256.0 | 256.0 | 90.0 | 0.0 | 0 |")
                .contains("* 7: 64 MiB are missing\n");
    }

    @Test
    void failsWhereMemoryIsSwappedOrSomethingWasKilledOrNothingIsRefused() {
        NodeMemory swapped = new NodeMemory("small-1", 256 * MIB, 200 * MIB, 90 * MIB, 1, 0);
        NodeMemory killed = new NodeMemory("small-1", 256 * MIB, 200 * MIB, 90 * MIB, 0, 1);
        String refusal = "no";

        assertThat(round(KEPT, refusal).pass()).isTrue();
        assertThat(round(swapped, refusal).pass()).isFalse();
        assertThat(round(killed, refusal).pass()).isFalse();
        assertThat(round(KEPT, null).pass()).isFalse();
    }

    @Test
    void readsWhatTheKernelSaysOfSwap() {
        assertThat(NodeMemory.swapBytes(List.of("VmRSS:\t  90000 kB", "VmSwap:\t      12 kB")))
                .isEqualTo(12 * 1024);
        assertThat(NodeMemory.swapBytes(List.of("Name:\tkthreadd"))).isZero();
    }

    @Test
    void isReadFromItsLogAsItWas(@TempDir Path folder) throws IOException {
        LineLog<MemoryRound> log = new LineLog<>(folder.resolve("log.jsonl"), MemoryRound.class);
        MemoryRound round = round(KEPT, "no");

        log.add(List.of(round));

        assertThat(log.lines()).containsExactly(round);
    }

    private static MemoryRound round(NodeMemory node, @Nullable String refusal) {
        return new MemoryRound(
                "eight-small",
                1,
                "vgg-16",
                528 * MIB,
                "pipeline: 0-9 small-1/cpu",
                new LoadFigures(10, 5, 2, 0.5, 0.6, 0.7, 0.7),
                1e-6,
                true,
                List.of(node),
                List.of(new MemoryRound.Fewer(7, refusal)));
    }
}
