package dev.tandem.harness.testbed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A bed that some process keeps up, as its folder tells. */
record LivingBed(BedNames names, BedRecord record) {

    /** All of this machine. */
    static List<LivingBed> all() {
        return BedFolders.owned().stream()
                .filter(folder -> !folder.isAbandoned())
                .flatMap(folder -> BedRecord.read(BedFolders.of(folder)).stream()
                        .map(record -> new LivingBed(new BedNames(folder), record)))
                .toList();
    }

    /** Whether it has this name, or was made from this file. */
    boolean isCalled(String fileOrName) {
        Path file = Path.of(fileOrName);
        String name = Files.isRegularFile(file) ? TestbedSpec.read(file).name() : fileOrName;
        return record.spec().name().equals(name);
    }

    /** Number of the process. */
    long owner() {
        return names.folder().pid();
    }
}
