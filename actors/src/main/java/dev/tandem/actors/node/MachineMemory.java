package dev.tandem.actors.node;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory models may use where the settings leave it to the machine. */
final class MachineMemory {

    /** What the Java heap, the system and others keep. */
    private static final double SHARE_FOR_MODELS = 0.6;

    private MachineMemory() {}

    /** Part of the memory that this process may use at all, a container's limit included. */
    static long usableBytes() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (long) (machine.getTotalMemorySize() * SHARE_FOR_MODELS);
    }
}
