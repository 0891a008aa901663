package dev.tandem.actors.node;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory models may use where the settings leave it to the machine. */
final class MachineMemory {

    /** What the Java heap, the system and others keep. */
    private static final double SHARE_FOR_MODELS = 0.6;

    /** What a member without models keeps in memory, as measured; on small machines more than the share leaves. */
    private static final long IDLE_BYTES = 170L << 20;

    /** A node must offer something; no layer fits into so little. */
    private static final long LEAST_BYTES = 1L << 20;

    private MachineMemory() {}

    /** Part of the memory that this process may use at all, a container's limit included. */
    static long usableBytes() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return usableBytes(machine.getTotalMemorySize());
    }

    static long usableBytes(long totalBytes) {
        return Math.max(LEAST_BYTES, Math.min((long) (totalBytes * SHARE_FOR_MODELS), totalBytes - IDLE_BYTES));
    }
}
