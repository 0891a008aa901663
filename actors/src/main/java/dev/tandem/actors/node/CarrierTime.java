package dev.tandem.actors.node;

import dev.tandem.inference.runtime.CoreGroupThread;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Processor time of this process beside models: that of all Java threads but those of core groups and those that load, plan
 * and fetch, and what the collection of garbage takes. The compiler's is left out, since it ends. Used by one thread.
 */
final class CarrierTime {

    private static final String SLOW_WORK = "blocking-io";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Long, Long> known = new HashMap<>();
    private long threadNanos;

    /** Since the first call, which says 0 or what the collector has taken; empty where the system does not tell. */
    OptionalLong nanos() {
        if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
            return OptionalLong.empty();
        }
        boolean isFirst = known.isEmpty();
        long[] present = threads.getAllThreadIds();
        known.keySet().retainAll(Arrays.stream(present).boxed().collect(Collectors.toSet()));
        for (long id : present) {
            long now = threads.getThreadCpuTime(id);
            long before = Optional.ofNullable(known.put(id, now)).orElse(isFirst ? now : 0L);
            if (now > before && isCarrier(id)) {
                threadNanos += now - before;
            }
        }
        return OptionalLong.of(threadNanos + collectorNanos());
    }

    private boolean isCarrier(long id) {
        ThreadInfo info = threads.getThreadInfo(id);
        return info != null && isCarrier(info.getThreadName());
    }

    /** Whether what a thread of this name does is carrying. */
    static boolean isCarrier(String thread) {
        return !CoreGroupThread.isNamed(thread) && !thread.contains(SLOW_WORK);
    }

    /** It collects on one thread while the others wait, so that its time is the processor's. */
    private static long collectorNanos() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .filter(millis -> millis > 0)
                .map(millis -> millis * 1_000_000)
                .sum();
    }
}
