package dev.tandem.inference.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Linux says of this process and its threads. */
final class ProcessStatus {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessStatus() {}

    static boolean isReadable() {
        return Files.isReadable(SELF.resolve("status"));
    }

    static long residentKibibytes() throws IOException {
        return Long.parseLong(value(SELF, "VmRSS").replace(" kB", "").strip());
    }

    static long anonymousKibibytes() throws IOException {
        return Long.parseLong(value(SELF, "RssAnon").replace(" kB", "").strip());
    }

    static long peakKibibytes() throws IOException {
        return Long.parseLong(value(SELF, "VmHWM").replace(" kB", "").strip());
    }

    /** Allowed CPUs of every thread of this process, native ones included. */
    static List<List<Integer>> cpusOfThreads() throws IOException {
        List<List<Integer>> cpus = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(SELF.resolve("task"))) {
            for (Path task : tasks) {
                cpus.add(CpuList.parse(value(task, "Cpus_allowed_list")));
            }
        }
        return cpus;
    }

    /** Names that Linux shows of every thread of this process, native ones included. */
    static List<String> namesOfThreads() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(SELF.resolve("task"))) {
            for (Path task : tasks) {
                names.add(Files.readString(task.resolve("comm")).strip());
            }
        }
        return names;
    }

    /** Of the calling thread. */
    static List<Integer> cpusOfCaller() throws IOException {
        return CpuList.parse(value(Path.of("/proc/thread-self"), "Cpus_allowed_list"));
    }

    /** Of the calling thread; field 19 of stat, where field 2 may hold spaces. */
    static int nicenessOfCaller() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    private static String value(Path folder, String key) throws IOException {
        try (var lines = Files.lines(folder.resolve("status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .findFirst()
                    .map(line -> line.substring(key.length() + 1).strip())
                    .orElseThrow();
        }
    }
}
