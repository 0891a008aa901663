package dev.tandem.harness.testbed;

import dev.tandem.deploy.wiring.ClassArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Home folders of a bed's machines, in which the launcher looks for its archive of classes. Members of a bed are as they are
 * from their second start on: those that start without the archive hold some 40 MiB more, and make one while they serve. Each
 * machine reads a copy of its own, whose pages count against it.
 *
 * @param folder in which they are
 * @param archive to be copied into each; empty when there is none
 */
record MachineHomes(Path folder, Optional<Path> archive) {

    /** Where the launcher looks, below the home folder. */
    private static final String PLACE = ".cache/tandem/classes";

    /** Copies as the machine, then becomes the command that follows. */
    private static final String COPYING =
            "mkdir -p \"$HOME/" + PLACE + "\" && cp \"$0\" \"$1\" \"$HOME/" + PLACE + "\"; shift; exec \"$@\"";

    /** Has the archive made if there is none yet for this build, which takes some 20 s. */
    static MachineHomes under(Path bed) {
        return new MachineHomes(bed.resolve("home"), ClassArchive.makeNow());
    }

    /** Words before the command of a machine, which the machine's own control groups are to come before. */
    List<String> launchWith(String machine) {
        List<String> words = new ArrayList<>(List.of("env", "HOME=" + folder.resolve(machine)));
        archive.ifPresent(file -> words.addAll(List.of(
                "sh",
                "-c",
                COPYING,
                file.toString(),
                ClassArchive.sizeFile(file).toString())));
        return words;
    }
}
