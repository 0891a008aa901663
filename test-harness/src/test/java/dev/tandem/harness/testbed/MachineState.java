package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a test bed could change on a machine and must not: namespaces, devices of the network, control groups, folders, and
 * processes that have to do with beds. What other living beds own comes and goes, and is left out.
 */
record MachineState(
        List<String> namespaces,
        List<String> devices,
        List<String> controlGroups,
        List<String> folders,
        List<String> processes) {

    /** A machine without anything. */
    static final MachineState EMPTY = new MachineState(List.of(), List.of(), List.of(), List.of(), List.of());

    static MachineState now() throws IOException {
        return new MachineState(
                ours(Namespaces.existing().stream()),
                names(Path.of("/sys/class/net")),
                listControlGroups(),
                ours(BedFolders.owned().stream().map(OwnedName::toString)),
                listProcesses());
    }

    private static List<String> listControlGroups() throws IOException {
        TreeSet<String> groups = new TreeSet<>();
        for (Mounts.Mount mount : Mounts.ofProcess().mounts()) {
            if (mount.type().startsWith("cgroup")) {
                try (Stream<Path> children = Files.list(mount.folder())) {
                    groups.addAll(ours(children.filter(Files::isDirectory)
                            .map(child -> child.getFileName().toString())
                            .filter(name -> name.startsWith("tandem"))
                            .map(name -> mount.folder().getFileName() + "/" + name)));
                }
            }
        }
        return List.copyOf(groups);
    }

    /** Members and clients of beds, by what they were started with. */
    private static List<String> listProcesses() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    String command =
                            Files.readString(process.resolve("cmdline")).replace('\0', ' ');
                    if (command.contains(OwnedName.PREFIX)) {
                        found.add(process.getFileName() + " " + command);
                    }
                } catch (IOException gone) {
                    found.remove("");
                }
            }
        }
        return ours(found.stream());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> ours(Stream<String> texts) {
        List<String> others = LivingOthers.prefixes();
        return texts.filter(text -> others.stream().noneMatch(text::contains))
                .sorted()
                .toList();
    }

    /** Beds of other processes that live. */
    private static final class LivingOthers {

        static List<String> prefixes() {
            return Stream.concat(Namespaces.owned().stream(), BedFolders.owned().stream())
                    .filter(name -> !name.isAbandoned())
                    .filter(name -> name.pid() != ProcessHandle.current().pid())
                    .map(name -> OwnedName.PREFIX + name.pid() + "-" + name.startTicks() + "-")
                    .distinct()
                    .toList();
        }
    }
}
