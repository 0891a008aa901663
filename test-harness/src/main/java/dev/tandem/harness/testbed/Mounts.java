package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where the kernel's control groups are mounted. */
record Mounts(List<Mount> mounts) {

    /** Of proc_pid_mountinfo(5), after the separator: type, source, options of the file system. */
    private static final int MOUNT_POINT = 4;

    /** @param options of the file system, such as the controllers of version 1 */
    record Mount(Path folder, String type, List<String> options) {}

    Mounts {
        mounts = List.copyOf(mounts);
    }

    static Mounts ofProcess() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException notLinux) {
            return new Mounts(List.of());
        }
    }

    static Mounts parse(List<String> mountinfo) {
        return new Mounts(mountinfo.stream().map(Mounts::mount).toList());
    }

    private static Mount mount(String line) {
        String[] halves = line.split(" - ", 2);
        String[] end = halves[1].split(" ", -1);
        return new Mount(
                Path.of(halves[0].split(" ", -1)[MOUNT_POINT]),
                end[0],
                Arrays.asList(end[end.length - 1].split(",", -1)));
    }

    /** The hierarchy of version 1 that has a controller. */
    Optional<Path> controller(String name) {
        return mounts.stream()
                .filter(mount ->
                        mount.type().equals("cgroup") && mount.options().contains(name))
                .map(Mount::folder)
                .findFirst();
    }

    /** The hierarchy of version 2. */
    Optional<Path> unified() {
        return mounts.stream()
                .filter(mount -> mount.type().equals("cgroup2"))
                .map(Mount::folder)
                .findFirst();
    }
}
