package dev.tandem.harness.fault;

import dev.tandem.harness.testbed.Testbed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the faults of a script to a test bed, each at its time, on a thread of its own. One that fails is recorded as such and
 * the others go on, as they do when the listener fails. Closing it leaves the rest undone; what was done stays done.
 */
public final class FaultPlayer implements AutoCloseable {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Consumer<Fault> action;
    private final FaultScript script;
    private final Consumer<FaultRecord> listener;
    private final List<FaultRecord> records = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::play, "fault-player");
    private final long startNanos = System.nanoTime();
    /** Of the listener, the later ones suppressed; written by the player's thread and read when it has ended. */
    private @Nullable RuntimeException untold;

    private FaultPlayer(Consumer<Fault> action, FaultScript script, Consumer<FaultRecord> listener) {
        this.action = action;
        this.script = script;
        this.listener = listener;
    }

    /**
     * Starts the clock.
     *
     * @param listener hears of each event when it is done, on the player's thread; what it throws is thrown at close
     * @throws IllegalArgumentException when the script names a node that the bed does not have; nothing is done then
     */
    public static FaultPlayer start(Testbed bed, FaultScript script, Consumer<FaultRecord> listener) {
        script.requireNodesOf(bed.spec());
        return start(fault -> fault.on(bed), script, listener);
    }

    static FaultPlayer start(Consumer<Fault> action, FaultScript script, Consumer<FaultRecord> listener) {
        FaultPlayer player = new FaultPlayer(action, script, listener);
        player.thread.setDaemon(true);
        player.thread.start();
        return player;
    }

    /** Waits for the last event; what was done, in order. */
    public List<FaultRecord> await() throws InterruptedException {
        thread.join();
        return records();
    }

    /** What has been done so far. */
    public List<FaultRecord> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    private void play() {
        try {
            for (FaultScript.Event event : script.events()) {
                if (closed.await(event.at().toNanos() - (System.nanoTime() - startNanos), TimeUnit.NANOSECONDS)) {
                    return;
                }
                record(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(FaultScript.Event event) {
        long started = millis();
        Instant clock = Instant.now();
        String failure = "";
        try {
            action.accept(event.fault());
        } catch (RuntimeException e) {
            failure = String.valueOf(e.getMessage());
        }
        FaultRecord done = new FaultRecord(
                event.fault().toString(), event.at().toMillis(), started, millis(), clock.toString(), failure);
        synchronized (records) {
            records.add(done);
        }
        tell(done);
    }

    /** What cannot be told must not keep the rest from happening. */
    private void tell(FaultRecord done) {
        try {
            listener.accept(done);
        } catch (RuntimeException e) {
            RuntimeException first = untold;
            if (first == null) {
                untold = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }
    }

    private long millis() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    }

    /**
     * Ends the play and waits for the fault that is being done; later calls have no effect.
     *
     * @throws RuntimeException what the listener has thrown first, such as a timeline that cannot be written
     */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        RuntimeException failure = untold;
        untold = null;
        if (failure != null) {
            throw failure;
        }
    }
}
