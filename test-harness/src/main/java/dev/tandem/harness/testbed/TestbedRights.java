package dev.tandem.harness.testbed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether this process may make networks on this machine. */
public final class TestbedRights {

    /** Bits of a capability set, from linux/capability.h: CAP_NET_ADMIN and CAP_SYS_ADMIN. */
    private static final long NEEDED_CAPABILITIES = 1L << 12 | 1L << 21;

    private static final String CAPABILITIES_LINE = "CapEff:";

    /** Of the machine's CPUs, for all core groups together. */
    private static final double SHARE_FOR_BEDS = 0.75;

    /** Sums of shares such as 0.1 are a little off. */
    private static final double ROUNDING = 1e-9;

    private TestbedRights() {}

    /** What is missing, in a sentence with what to do about it; empty when nothing is. */
    public static Optional<String> missing() {
        return missing(Path.of("/proc/self/status"), System.getenv().getOrDefault("PATH", ""));
    }

    static Optional<String> missing(Path processStatus, String searchPath) {
        List<String> lacks = new ArrayList<>();
        if (!mayMakeNetworks(processStatus)) {
            lacks.add("root's rights (CAP_NET_ADMIN and CAP_SYS_ADMIN)");
        }
        for (String tool : List.of("ip", "tc", "nsenter")) {
            if (!isOnPath(tool, searchPath)) {
                lacks.add("the tool '" + tool + "'");
            }
        }
        return lacks.isEmpty()
                ? Optional.empty()
                : Optional.of("network namespaces on Linux need what is missing here: " + String.join(", ", lacks)
                        + ". Maybe run it as root, and install iproute2 and util-linux.");
    }

    /** What is missing for a whole test bed, control groups included; empty when nothing is. */
    public static Optional<String> missingForBed() {
        return missing().or(ControlGroupTree::missingForBedHere);
    }

    /** @throws TestbedException when a bed cannot be made here */
    static void requireAll(TestbedSpec spec) {
        missingForBed().or(() -> lackOfRoom(spec)).ifPresent(reason -> {
            throw new TestbedException(reason);
        });
    }

    /**
     * Why the shares do not fit into the machine, in a sentence; empty when they do. The rest of it is for the members' own
     * work, the client and the kernel.
     */
    static Optional<String> lackOfRoom(TestbedSpec spec) {
        int cpus = Runtime.getRuntime().availableProcessors();
        double most = cpus * SHARE_FOR_BEDS;
        return spec.share() <= most + ROUNDING
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "core groups have shares of %.2f CPUs together, but on a machine of %d they may have %.2f."
                                + " Maybe make all of them smaller by the same factor.",
                        spec.share(),
                        cpus,
                        most));
    }

    private static boolean mayMakeNetworks(Path processStatus) {
        try {
            return Files.readAllLines(processStatus).stream()
                    .filter(line -> line.startsWith(CAPABILITIES_LINE))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(CAPABILITIES_LINE.length()).strip(), 16))
                    .anyMatch(held -> (held & NEEDED_CAPABILITIES) == NEEDED_CAPABILITIES);
        } catch (IOException notLinux) {
            return false;
        }
    }

    private static boolean isOnPath(String tool, String searchPath) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(searchPath)
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
