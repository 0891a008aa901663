package dev.tandem.deploy.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time of this process and of those that it started. */
final class ProcessorTime {

    private static final double NANOS_PER_SECOND = 1e9;

    private ProcessorTime() {}

    /** Seconds on all CPUs since each process started. */
    static double seconds() {
        OperatingSystemMXBean own = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long others = ProcessHandle.current()
                .descendants()
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
        return (own.getProcessCpuTime() + others) / NANOS_PER_SECOND;
    }
}
