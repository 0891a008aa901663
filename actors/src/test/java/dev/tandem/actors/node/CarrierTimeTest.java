package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CarrierTimeTest {

    private static final long WORK_NANOS = 50_000_000;

    private final CarrierTime time = new CarrierTime();

    @Test
    void countsWhatThreadsDo() throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch counted = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            work();
            worked.countDown();
            awaitQuietly(counted);
        });
        long before = time.nanos().orElseThrow();
        thread.start();
        worked.await();

        assertThat(time.nanos().orElseThrow() - before).isGreaterThanOrEqualTo(WORK_NANOS);

        counted.countDown();
        thread.join();
    }

    @Test
    void leavesOutThreadsOfCoreGroupsAndThoseForSlowWork() {
        try (CoreGroupExecutor group = new CoreGroupExecutor(new CoreGroupSpec("cpu", List.of(0), 1, false))) {
            String name = group.submit(() -> Thread.currentThread().getName()).join();

            assertThat(CarrierTime.isCarrier(name)).isFalse();
        }
        assertThat(CarrierTime.isCarrier("tandem-pekko.actor.default-blocking-io-dispatcher-6"))
                .isFalse();
        assertThat(CarrierTime.isCarrier("tandem-tandem-dispatchers.data-7")).isTrue();
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
