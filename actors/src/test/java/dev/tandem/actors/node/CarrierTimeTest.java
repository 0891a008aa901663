package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CarrierTimeTest {

    private static final long WORK_NANOS = 50_000_000;

    private final CarrierTime time = new CarrierTime();

    @Test
    void countsThreadsThatCarry() throws InterruptedException {
        assertThat(countedWhileWorking("tandem-tandem-dispatchers.data-7")).isGreaterThanOrEqualTo(WORK_NANOS);
    }

    @Test
    void leavesOutCoreGroups() throws InterruptedException {
        // What other threads of this process do meanwhile counts, so the bound is loose.
        assertThat(countedWhileWorking("tandem-tandem-dispatchers.core-group-8"))
                .isLessThan(WORK_NANOS);
    }

    /** What is counted while a thread of this name works, and lives to be asked. */
    private long countedWhileWorking(String name) throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch counted = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < WORK_NANOS) {
                        Thread.onSpinWait();
                    }
                    worked.countDown();
                    awaitQuietly(counted);
                },
                name);
        long before = time.nanos().orElseThrow();
        thread.start();
        worked.await();
        long nanos = time.nanos().orElseThrow() - before;
        counted.countDown();
        thread.join();
        return nanos;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
