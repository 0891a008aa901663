package dev.tandem.harness.testbed;

import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that compute all the time, as those of a core group do when it is busy: on the same kind of thread, in the same
 * control groups. Owns the threads until close, when they have left those groups.
 */
final class Spinner implements AutoCloseable {

    /** Steps between two looks at the clock of others: some tens of microseconds. */
    private static final int STEPS = 20_000;

    /** Of Knuth's linear congruential generator MMIX: one multiplication and addition after the other. */
    private static final long FACTOR = 6364136223846793005L;

    private static final long SUMMAND = 1442695040888963407L;

    private static final Path THIS_THREAD = Path.of("/proc/thread-self");

    /** The kernel ends a thread some moments after Java has, later where the thread's share of a CPU is small. */
    private static final Duration KERNEL_DEADLINE = Duration.ofSeconds(5);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<CoreGroupExecutor> threads = new ArrayList<>();
    /** Folders of the threads in /proc, for as long as the kernel knows them. */
    private final Queue<Path> tasks = new ConcurrentLinkedQueue<>();

    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong sink = new AtomicLong();
    private volatile boolean isStopped;

    /** @param controlGroups that the threads join */
    Spinner(String name, int count, List<Path> controlGroups) {
        CoreGroupSpec spec = new CoreGroupSpec(name, List.of(), count, false, controlGroups);
        for (int thread = 0; thread < count; thread++) {
            CoreGroupExecutor executor = new CoreGroupExecutor(spec);
            threads.add(executor);
            executor.execute(this::spin);
        }
    }

    private void spin() {
        register();
        long value = 1;
        while (!isStopped) {
            for (int step = 0; step < STEPS; step++) {
                value = value * FACTOR + SUMMAND;
            }
            rounds.incrementAndGet();
        }
        // So that no compiler finds the work useless.
        sink.addAndGet(value);
    }

    private void register() {
        try {
            tasks.add(THIS_THREAD.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell which thread this is from " + THIS_THREAD, e);
        }
    }

    /** Work done so far. */
    long rounds() {
        return rounds.get();
    }

    @Override
    public void close() {
        isStopped = true;
        threads.forEach(CoreGroupExecutor::close);
        long deadline = System.nanoTime() + KERNEL_DEADLINE.toNanos();
        while (tasks.stream().anyMatch(Files::exists) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
