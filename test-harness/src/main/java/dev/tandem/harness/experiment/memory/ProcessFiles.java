package dev.tandem.harness.experiment.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel tells of a process in the files that it has of it. */
public final class ProcessFiles {

    private ProcessFiles() {}

    /** Memory that is resident and not backed by a file. */
    public static long anonymousKib(ProcessHandle process) throws IOException {
        return kib(process, "status", "RssAnon:");
    }

    /** All memory that is resident, shared pages in full. */
    public static long residentKib(ProcessHandle process) throws IOException {
        return kib(process, "status", "VmRSS:");
    }

    /** The most that was ever resident, shared pages in full. */
    public static long peakKib(ProcessHandle process) throws IOException {
        return kib(process, "status", "VmHWM:");
    }

    /** All memory that is resident, shared pages divided by those who share them. */
    public static long proportionalKib(ProcessHandle process) throws IOException {
        return kib(process, "smaps_rollup", "Pss:");
    }

    public static long threads(ProcessHandle process) throws IOException {
        return entries(process, "task");
    }

    /** Sockets and pipes included. */
    public static long openFiles(ProcessHandle process) throws IOException {
        return entries(process, "fd");
    }

    private static long entries(ProcessHandle process, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder(process).resolve(folder))) {
            return entries.count();
        }
    }

    private static long kib(ProcessHandle process, String file, String key) throws IOException {
        Path path = folder(process).resolve(file);
        return Files.readAllLines(path).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + key + " in " + path));
    }

    private static Path folder(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }
}
