package dev.tandem.harness.testbed;

import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that compute all the time, as those of a core group do when it is busy: on the same kind of thread, in the same
 * control groups. Owns the threads until close.
 */
final class Spinner implements AutoCloseable {

    /** Steps between two looks at the clock of others: some tens of microseconds. */
    private static final int STEPS = 20_000;

    /** Of Knuth's linear congruential generator MMIX: one multiplication and addition after the other. */
    private static final long FACTOR = 6364136223846793005L;

    private static final long SUMMAND = 1442695040888963407L;

    private final List<CoreGroupExecutor> threads = new ArrayList<>();
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

    /** Work done so far. */
    long rounds() {
        return rounds.get();
    }

    @Override
    public void close() {
        isStopped = true;
        threads.forEach(CoreGroupExecutor::close);
    }
}
