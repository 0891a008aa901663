package dev.tandem.harness.experiment.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of a process, from {@code /proc/PID/stat} (proc_pid_stat(5)). */
final class ProcessTimes {

    /** Ticks of the fields; what the kernel shows to user space is the same on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** utime and stime are fields 14 and 15; after the command's name, which may have spaces, comes field 3. */
    private static final int USER = 14 - 3;

    private static final int SYSTEM = 15 - 3;

    private ProcessTimes() {}

    static double cpuSeconds(long pid) throws IOException {
        return cpuSeconds(Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8));
    }

    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
    }
}
