package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a namespace, control group or folder that tells whose it is, so that those of a killed process can be found and
 * others are left alone: {@code tandem-bed-PID-START-END}. The start, in ticks since the machine's, tells a process from a later one with its
 * number, whatever happens to the clock.
 */
record OwnedName(long pid, long startTicks, String end) {

    /** Begins every name of a test bed. */
    static final String PREFIX = "tandem-bed-";

    private static final Pattern FORM = Pattern.compile(PREFIX + "(\\d{1,10})-(\\d{1,15})-([a-z0-9]{1,8})");

    /** Of proc_pid_stat(5), counted from field 3, which follows the name of the command. */
    private static final int START_FIELD = 22 - 3;

    /** A process's state, field 3, when it has ended. */
    private static final String DEAD = "Z";

    static OwnedName own(String end) {
        long pid = ProcessHandle.current().pid();
        return new OwnedName(pid, startTicks(pid).orElse(0), end);
    }

    /** Another name of the same owner. */
    OwnedName sibling(String otherEnd) {
        return new OwnedName(pid, startTicks, otherEnd);
    }

    /** Empty for a name that is not one of ours. */
    static Optional<OwnedName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(new OwnedName(
                        Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Whether the process that made it is gone. */
    boolean isAbandoned() {
        OptionalLong running = startTicks(pid);
        return running.isEmpty() || running.getAsLong() != startTicks;
    }

    /** Empty when there is no such process, or only its number is left until its parent has asked how it ended. */
    private static OptionalLong startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.UTF_8);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals(DEAD) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START_FIELD]));
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String toString() {
        return PREFIX + pid + "-" + startTicks + "-" + end;
    }
}
