package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.CoreGroupThread;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CarrierTimeTest {

    private static final long WORK_NANOS = 50_000_000;

    private final CarrierTime time = new CarrierTime();

    @Test
    void countsThreadsThatCarry() throws InterruptedException {
        assertThat(countedWhileWorking(() -> {})).isGreaterThanOrEqualTo(WORK_NANOS);
    }

    @Test
    void leavesOutCoreGroups() throws InterruptedException {
        Runnable adopt = () -> CoreGroupThread.adopt(new CoreGroupSpec("cpu", List.of(0), 1, false));

        // What other threads of this process do meanwhile counts, so the bound is loose.
        assertThat(countedWhileWorking(adopt)).isLessThan(WORK_NANOS);
    }

    /** What is counted while a thread works, and lives to be asked. */
    private long countedWhileWorking(Runnable first) throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch counted = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    first.run();
                    work();
                    worked.countDown();
                    awaitQuietly(counted);
                },
                "tandem-tandem-dispatchers.data-7");
        long before = time.nanos().orElseThrow();
        thread.start();
        worked.await();
        long nanos = time.nanos().orElseThrow() - before;
        counted.countDown();
        thread.join();
        return nanos;
    }

    private static void work() {
        while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < WORK_NANOS) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
